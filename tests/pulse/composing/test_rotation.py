"""The bank, and whose turn it is."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.policy.document import read_policy
from bot.pulse.composing.bank import CANDOUR, CLARITY, FIXED, SHOWN_IN_LIST, belief, own, promises
from bot.pulse.composing.rotation import Asked, Stored, default
from bot.pulse.questions import FEWEST, MOST, Question
from tests.policy.drafts import SAMPLE


def beliefs(number: int) -> tuple[Question, ...]:
    return tuple(belief(f"Promise {each}") for each in range(number))


def stored(questions: Sequence[Question]) -> Stored:
    return [question.model_dump(mode="json") for question in questions]


def in_a_row(offered: Sequence[Question], times: int) -> list[tuple[Question, ...]]:
    """The default waves, one after the other."""
    waves: list[tuple[Question, ...]] = []
    for _ in range(times):
        waves.append(default(offered, Asked.of([stored(wave) for wave in waves])))
    return waves


def kinds(questions: Sequence[Question]) -> list[str]:
    return [question.kind for question in questions]


def test_a_wave_has_two_promises_one_of_clarity_or_candour_gaming_and_a_comment() -> None:
    first, second = in_a_row(beliefs(7), 2)
    assert kinds(first) == ["belief", "belief", "clarity", "gaming", "comment"]
    assert kinds(second) == ["belief", "belief", "candour", "gaming", "comment"]


def test_every_promise_has_its_turn_before_one_is_asked_again() -> None:
    offered = beliefs(7)
    seen = [question for wave in in_a_row(offered, 7) for question in wave if question.kind == "belief"]
    assert seen == [*offered, *offered]


def test_every_question_of_clarity_and_candour_has_its_turn_before_one_is_asked_again() -> None:
    seen = [wave[2] for wave in in_a_row(beliefs(2), 9)]
    assert set(seen) == {*CLARITY, *CANDOUR}


def test_a_promise_that_came_with_a_new_version_is_next() -> None:
    before = in_a_row(beliefs(3), 4)
    new = belief("A new promise")
    assert default((*beliefs(3), new), Asked.of([stored(wave) for wave in before]))[0] == new


def test_a_promise_keeps_its_turn_when_its_place_in_the_policy_changes() -> None:
    offered = beliefs(4)
    (before,) = in_a_row(offered, 1)
    assert default(offered[::-1], Asked.of([stored(before)]))[:2] == (offered[3], offered[2])


def test_with_fewer_than_two_promises_the_question_whether_anything_changes_fills_up() -> None:
    assert kinds(in_a_row(beliefs(1), 1)[0]) == ["belief", "clarity", "action", "gaming", "comment"]
    assert kinds(in_a_row((), 1)[0]) == ["clarity", "action", "gaming", "comment"]


@given(number=st.integers(0, 9), times=st.integers(1, 12))
def test_a_default_wave_always_has_three_to_five_different_questions(number: int, times: int) -> None:
    for wave in in_a_row(beliefs(number), times):
        assert FEWEST <= len({question.id for question in wave}) == len(wave) <= MOST


def test_each_promise_of_the_policy_is_asked_about_by_its_heading_and_no_other_clause_is() -> None:
    clauses = [clause.model_dump(mode="json") for clause in read_policy(SAMPLE).clauses]
    found = promises(clauses)
    assert [question.clause for question in found] == [each["heading"] for each in clauses if each["mark"] == "promise"]
    assert "I believe “What it is never used for” is followed in practice." in [question.text for question in found]


def test_clauses_of_the_first_versions_have_no_marks_and_so_no_promises() -> None:
    assert promises([{"heading": "Old", "questions": []}, {"heading": "Older", "mark": None}]) == ()


def test_a_heading_that_is_there_twice_or_empty_or_of_several_lines_makes_one_question_or_none() -> None:
    marked = [{"heading": heading, "mark": "promise"} for heading in ("Twice", "Twice", " ", "Two\nlines")]
    assert [question.text for question in promises(marked)] == [
        "I believe “Twice” is followed in practice.",
        "I believe “Two lines” is followed in practice.",
    ]


def test_a_very_long_heading_fits_into_the_label_of_a_field() -> None:
    question = belief("word " * 2000)
    assert len(question.text) < 400
    assert question.id != belief("word " * 2001).id


def test_every_question_says_where_it_comes_from_and_is_shown_whole_in_the_list() -> None:
    assert len({question.id for question in FIXED}) == len(FIXED)
    for question in FIXED:
        assert question.source
        assert len(question.text) <= SHOWN_IN_LIST, question.text
    assert all("DORA" in question.source and "CC BY 4.0" in question.source for question in CLARITY)
    assert all("Adapted" in question.source and "Colquitt (2001)" in question.source for question in CANDOUR)


def test_the_same_words_of_hr_are_the_same_question_in_every_wave() -> None:
    assert own("I know whom to ask.").id == own("I know whom to ask.").id != own("I know whom to tell.").id
