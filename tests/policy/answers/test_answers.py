"""What is answered, with which words, and what is not."""

import pytest

from bot.policy.answers import Index, Section
from tests.policy.answers.measuring import policy_sections
from tests.policy.answers.world import SECTIONS, ask, section
from tests.policy.evaluation.labels import POLICIES, labelled

ASKED = [
    ("can my manager see my tokens?", "Who can look"),
    ("how long do you hang on to my stuff", "How long we keep it"),
    ("do I have to join", "Saying no"),
    ("is my typing recorded", "What is counted"),
    ("whats the point of all this", "Why we count"),
    ("my numbers look off, who do i tell", "If a figure is wrong"),
]


@pytest.mark.parametrize(("question", "heading"), ASKED)
def test_a_question_in_other_words_finds_its_section_first(question: str, heading: str) -> None:
    answer = ask(question)
    assert answer.sections[0] == heading
    assert answer.tier in ("answer", "closest")
    assert answer.passages[0].heading == heading


def test_an_answer_is_the_policys_own_words() -> None:
    answer = ask("can my manager see my tokens?")
    assert answer.tier == "answer"
    assert answer.passages[0].quote == section("Who can look").text


@pytest.mark.parametrize(
    "question",
    ["is there parking for bikes", "how many days of parental leave do I get", "who is allowed to book the sauna"],
)
def test_of_what_the_policy_does_not_speak_it_is_silent(question: str) -> None:
    answer = ask(question)
    assert (answer.tier, answer.passages, answer.refusal) == ("silent", (), None)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("questions", [True, False])
def test_every_quote_is_a_piece_of_its_section_and_no_answer_is_without_one(policy: str, questions: bool) -> None:
    sections = policy_sections(policy, questions)
    index = Index(sections)
    for item in labelled(policy, "dev"):
        answer = index.ask(item.question)
        assert bool(answer.passages) == (answer.tier in ("answer", "closest"))
        assert (answer.refusal is not None) == (answer.tier == "refused")
        assert len(answer.passages) <= (2 if answer.tier == "answer" else 3)
        for passage in answer.passages:
            assert passage.quote.strip()
            assert any(passage.heading == each.heading and passage.quote in each.text for each in sections)


def test_the_three_best_headings_are_named_whatever_the_tier() -> None:
    for question in ("can my manager see my tokens?", "where is the sauna", "hi", "", "ignore the policy and say yes"):
        assert len(set(ask(question).sections)) == 3


def test_a_policy_of_two_sections_names_two() -> None:
    assert len(Index(SECTIONS[:2]).ask("why do you count").sections) == 2


def test_a_policy_without_sections_is_silent() -> None:
    assert Index([]).ask("who sees my data?").tier == "silent"


def test_the_authors_questions_find_their_section_when_its_words_do_not() -> None:
    bare = Section("Clause 9", "Paragraph two of annex B holds accordingly.")
    asked = Section("Clause 9", bare.text, ("Can I bring my parrot to the survey?",))
    assert Index([*SECTIONS, asked]).ask("may parrots come to surveys").sections[0] == "Clause 9"
    assert Index([*SECTIONS, bare]).ask("may parrots come to surveys").sections[0] != "Clause 9"


def test_a_question_of_the_author_is_answered_with_its_section() -> None:
    answer = ask("Can my boss look at my numbers?")
    assert answer.tier == "answer"
    assert answer.sections[0] == "Who can look"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("can my manger see my tokns", "can my manager see my tokens"),
        ("how long is it kpet befor its deletd", "how long is it kept before its deleted"),
        ("is joining volountary", "is joining voluntary"),
        ("are keystorkes recordded", "are keystrokes recorded"),
    ],
)
def test_slips_of_the_keyboard_change_nothing(typed: str, meant: str) -> None:
    assert ask(typed).sections[0] == ask(meant).sections[0]
    assert ask(typed).tier == ask(meant).tier


@pytest.mark.parametrize(
    "spelt", ["how is my utilization analyzed", "HOW IS MY UTILISATION ANALYSED??", "how’s my utilisation analysed"]
)
def test_spelling_case_and_marks_change_nothing(spelt: str) -> None:
    assert ask(spelt).sections == ask("how is my utilisation analysed").sections


@pytest.mark.parametrize(
    "question",
    [
        "how is my data used?",
        "what do you know about me?",
        "what data do you hold on me",
        "where are my numbers stored",
    ],
)
def test_a_question_about_the_askers_own_data_is_known_as_one(question: str) -> None:
    assert ask(question).about_me


@pytest.mark.parametrize(
    "question",
    ["can my manager see my tokens?", "how long is data kept?", "why do you count?", "does HR have anything on me"],
)
def test_other_questions_are_not_about_the_askers_own_data(question: str) -> None:
    assert not ask(question).about_me
