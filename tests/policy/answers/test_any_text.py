"""Whatever a policy says and whatever is asked: an answer, in the policy's words, the same every time."""

import os
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.answers import Index, Section
from bot.policy.answers.refusals import LONGEST
from tests.policy.answers.world import SECTIONS, ask

WORDS = st.sampled_from(
    [
        "who",
        "sees",
        "my",
        "data",
        "how",
        "long",
        "is",
        "it",
        "kept",
        "manager",
        "HR",
        "opt",
        "out",
        "never",
        "tokens",
        "prompts",
        "§",
        "3",
        "section",
        "2",
        "1.",
        "-",
        "|",
        "*",
        "#",
        "`",
        ">",
        "26",
        "weeks",
        "anonymous.",
        "survey?",
        "Ana's",
        "delete,",
        "☃",
        "é",
        "العربية",
        "数据",
        "保存",
    ]
)
PROSE = st.lists(WORDS, max_size=40).map(" ".join)
TEXT = st.one_of(PROSE, st.text(max_size=200), st.text(alphabet=" \n\t#*|->.`<!a0é☃", max_size=80))
SECTION = st.builds(
    Section,
    heading=TEXT,
    text=TEXT,
    questions=st.lists(TEXT, max_size=3).map(tuple),
    path=st.lists(TEXT, max_size=2).map(tuple),
)
LANGUAGE = st.sampled_from(["en", "en-GB", "de", "fr", "ja", "xx", ""])
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}


@settings(max_examples=150, deadline=None)
@given(sections=st.lists(SECTION, max_size=6), question=TEXT, about=st.none() | TEXT, language=LANGUAGE)
def test_any_question_to_any_policy_is_answered_in_the_policys_words(
    sections: list[Section], question: str, about: str | None, language: str
) -> None:
    index = Index(sections, language)
    answer = index.ask(question, about=about)
    assert answer == index.ask(question, about=about) == Index(sections, language).ask(question, about=about)
    cited = [each.heading for each in sections if each.heading.strip()] or [each.heading for each in sections]
    assert len(answer.sections) == min(3, len(cited))
    assert set(answer.sections) <= set(cited)
    assert bool(answer.passages) == (answer.tier in ("answer", "closest"))
    assert (answer.refusal is not None) == (answer.tier == "refused")
    for passage in answer.passages:
        assert passage.quote.strip()
        assert any(passage.quote in each.text for each in sections if each.heading == passage.heading)


@settings(max_examples=100, deadline=None)
@given(question=st.text(max_size=6_000))
def test_any_text_as_a_question_gets_an_answer(question: str) -> None:
    answer = Index(SECTIONS).ask(question)
    assert len(answer.sections) == 3


def test_the_same_question_gets_the_same_answer_in_every_process() -> None:
    program = (
        "from tests.policy.answers.world import ask\n"
        "for question in ('who sees my figures', 'when is it gone', 'do I have to', 'sauna', 'hw long is it kpt'):\n"
        "    print(ask(question))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**ENVIRONMENT, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(said) == 1
    assert "Who can look" in said.pop()


@pytest.mark.parametrize(
    "word", ["ok", "lol haha", "you are the best", "which of my people", "section 1", "who did", "the"]
)
def test_a_question_that_repeats_itself_keeps_nobody_waiting(word: str) -> None:
    question = f"{word} " * (LONGEST // (len(word) + 1) - 1) + "zz"
    for asked in (question, f"{word} " * 9 + "zz"):
        started = time.perf_counter()
        ask(asked)
        assert time.perf_counter() - started < 1
