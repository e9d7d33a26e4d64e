"""The labels of the evaluation are held to the policies they are about."""

from collections import Counter
from itertools import combinations

import pytest

from bot.policy.clauses import split
from bot.policy.document import PolicyDocument, read_policy
from tests.policy.evaluation.labels import POLICIES, SPLITS, Labelled, labelled, words

# Words of grammar: a question and a section that share no others share nothing.
GRAMMAR = frozenset(
    words(
        "a about after all am an and any are as at be been before by can could did do does for from get got had has "
        "have he her him his how i if im in is it its just me my no not of off on or our out over she should so than "
        "that the their them then there they this to too up us was we were what when where which who whos why will "
        "with would you your"
    )
)
each_policy = pytest.mark.parametrize("policy", POLICIES)


def document(policy: str) -> PolicyDocument:
    return read_policy(POLICIES[policy])


def content(text: str) -> set[str]:
    return set(words(text)) - GRAMMAR


def of_kind(policy: str, kind: str) -> list[Labelled]:
    return [item for item in labelled(policy) if item.kind == kind]


@each_policy
def test_a_policy_of_the_evaluation_is_whole_and_about_two_pages(policy: str) -> None:
    read = document(policy)
    assert 900 <= len(read.text.split()) <= 1600
    assert 12 <= len(read.clauses) <= 18
    assert all(3 <= len(clause.questions) <= 5 for clause in read.clauses)


def test_the_policies_say_the_same_things_in_other_words() -> None:
    for one, other in combinations(POLICIES, 2):
        first, second = content(document(one).text), content(document(other).text)
        assert len(first & second) / len(first | second) < 0.25, (one, other)


@each_policy
def test_every_label_is_a_heading_of_the_policy_exactly_as_in_its_text(policy: str) -> None:
    headings = [part.heading for part in split(document(policy).text) if part.level]
    assert len(set(headings)) == len(headings)
    for item in labelled(policy):
        assert set(item.sections) <= set(headings), item.question
        assert len(set(item.sections)) == len(item.sections) <= 3, item.question


@each_policy
def test_every_heading_answers_a_question(policy: str) -> None:
    asked = {heading for item in labelled(policy) for heading in item.sections}
    assert asked == {clause.heading for clause in document(policy).clauses}


@each_policy
def test_only_an_answerable_question_has_sections(policy: str) -> None:
    for item in labelled(policy):
        assert bool(item.sections) == (item.kind == "answerable"), item.question


@each_policy
def test_a_third_of_the_questions_is_not_answered_by_the_policy(policy: str) -> None:
    questions = labelled(policy)
    assert len(questions) >= 70
    assert 0.30 <= 1 - len(of_kind(policy, "answerable")) / len(questions) <= 0.40
    assert len(of_kind(policy, "hostile")) >= 8


@each_policy
def test_both_halves_have_the_same_mix(policy: str) -> None:
    dev, test = (Counter(item.kind for item in labelled(policy, half)) for half in SPLITS)
    assert dev == test


def test_no_question_is_asked_of_two_policies_or_in_both_halves() -> None:
    asked = Counter(" ".join(words(item.question)) for policy in POLICIES for item in labelled(policy))
    assert [question for question, times in asked.items() if times > 1] == []


@each_policy
def test_no_question_repeats_one_that_the_author_wrote(policy: str) -> None:
    written = [question for clause in document(policy).clauses for question in clause.questions]
    for item in labelled(policy):
        asked = set(words(item.question))
        for question in written:
            theirs = set(words(question))
            assert len(asked & theirs) / len(asked | theirs) < 0.6, (item.question, question)


@each_policy
def test_few_questions_use_the_words_of_the_section_that_answers_them(policy: str) -> None:
    bodies = {part.heading: content(f"{part.heading} {part.body}") for part in split(document(policy).text)}
    answerable = of_kind(policy, "answerable")
    echoes = [
        item.question
        for item in answerable
        if any(len(content(item.question) & bodies[it]) > len(content(item.question)) / 2 for it in item.sections)
    ]
    assert len(echoes) <= len(answerable) / 5, echoes
