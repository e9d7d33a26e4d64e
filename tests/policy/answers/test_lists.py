"""The word lists hold together."""

import re
from collections import Counter

import pytest

from bot.policy.answers.lists import common_words, lines, spellings
from bot.policy.answers.patterns import patterns
from bot.policy.answers.thesaurus import FILES, read_groups, thesaurus
from bot.policy.answers.tokens import stemmer, words

PATTERNS = ("another_person", "injection", "chit_chat", "about_me", "functions", "specific")


def test_every_group_near_another_exists() -> None:
    groups = list(read_groups())
    names = {group.name for group in groups}
    assert {other for group in groups for other in group.near} <= names


def test_a_group_has_members_and_weights_in_bounds() -> None:
    for group in read_groups():
        assert group.members or group.loose, group.name
        assert 0 < group.weight <= 1.5, group.name
        assert all(0 < by <= 1 for by in group.near.values()), group.name
        assert re.fullmatch(r"[a-z-]+", group.name)


def test_the_thesaurus_has_several_hundred_groups_and_thousands_of_words_and_phrases() -> None:
    known = thesaurus("en")
    assert len(known.groups) > 250
    assert len(known.of_word) + sum(map(len, known.phrases.values())) > 5_000


def test_a_member_is_written_as_a_question_is_read() -> None:
    for group in read_groups():
        for member in (*group.members, *group.loose):
            assert words(member), (group.name, member)
            assert "|" not in member


def test_every_line_of_the_thesaurus_has_at_most_four_parts() -> None:
    for name in FILES:
        assert all(2 <= len(line.split("|")) <= 4 for line in lines(f"{name}.txt")), name


def test_no_everyday_word_has_two_weights_and_no_form_two_words() -> None:
    assert set(common_words().values()) <= {0.0, 0.25, 0.4, 0.5}
    forms = Counter(form for line in lines("spellings.txt") for form in line.partition(":")[2].split())
    assert [form for form, times in forms.items() if times > 1] == []
    assert not any(word == form for form, word in spellings().items())


@pytest.mark.parametrize("name", PATTERNS)
def test_the_patterns_are_regular_expressions_that_find_nothing_in_nothing(name: str) -> None:
    assert all(isinstance(pattern, re.Pattern) for pattern in patterns(name).values())


@pytest.mark.parametrize(
    ("one", "other"), [("responsible", "response"), ("lawful", "law"), ("hourly", "hours"), ("manager", "managed")]
)
def test_words_that_only_look_alike_have_different_stems(one: str, other: str) -> None:
    stem = stemmer("en")
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kept", "keeping"),
        ("anonymized", "anonymised"),
        ("policies", "policy"),
        ("sold", "sells"),
        ("licence", "license"),
    ],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    stem = stemmer("en")
    assert stem(one) == stem(other)


def test_whatever_is_asked_for_by_name_is_told_by_name_and_every_function_can_be_a_headings() -> None:
    for name, ask, tell in (("specific", "a_", "t_"), ("functions", "q_", "h_")):
        asked = {each.removeprefix(ask) for each in patterns(name) if each.startswith(ask)}
        assert asked == {each.removeprefix(tell) for each in patterns(name) if each.startswith(tell)}
