"""What HR may put together, and what is said of anything else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pulse.ballot.answers import cleaned_line
from bot.pulse.composing.bank import FIXED, LONGEST_OWN, belief
from bot.pulse.composing.composition import (
    NOTHING,
    OWN,
    OWN_FIELD,
    SLOTS,
    Composition,
    Faulty,
    PolicyChanged,
    carried,
    composed,
    questions_of,
)
from bot.pulse.questions import FEWEST, MOST
from bot.weeks import WEEK

PROMISES = (belief("One"), belief("Two"))
IDS = [question.id for question in (*PROMISES, *FIXED)]


def form(*chosen: str, own: str | None = None, weeks: str = "1") -> Composition:
    """What the form gives with these in its places, the rest of them empty."""
    given: dict[str, Any] = dict(zip(SLOTS, [*chosen, *[NOTHING] * (MOST - len(chosen))], strict=True))
    return composed({**given, "own": own, "weeks": weeks}, 1)


def faults(composition: Composition) -> dict[str, str]:
    with pytest.raises(Faulty) as caught:
        questions_of(composition, PROMISES)
    return caught.value.by_field


def test_the_questions_come_in_the_order_of_the_form_and_gaps_close() -> None:
    found = questions_of(form("comment", NOTHING, PROMISES[1].id, NOTHING, "gaming"), PROMISES)
    assert [question.id for question in found] == ["comment", PROMISES[1].id, "gaming"]


def test_fewer_than_three_questions_are_refused_at_a_place_that_is_free() -> None:
    assert list(faults(form("gaming", "comment"))) == ["q3"]
    assert list(faults(form(NOTHING, "gaming"))) == ["q1"]


def test_a_question_that_is_chosen_twice_is_refused_at_the_second_place() -> None:
    assert list(faults(form("comment", "gaming", "action", "comment"))) == ["q4"]
    assert set(faults(form("gaming", "gaming", "gaming", "gaming", "gaming"))) == {"q2", "q3", "q4", "q5"}


def test_a_promise_that_the_policy_no_longer_has_is_refused() -> None:
    assert list(faults(form("comment", belief("Gone").id, "gaming"))) == ["q2"]


def test_hrs_question_needs_its_words_and_its_place() -> None:
    assert list(faults(form("comment", OWN, "gaming"))) == [OWN_FIELD]
    assert list(faults(form("comment", OWN, "gaming", own=" \u200b\t"))) == [OWN_FIELD]
    assert list(faults(form("comment", "action", "gaming", own="I know whom to ask."))) == [OWN_FIELD]


def test_hrs_question_has_the_fixed_scale_and_is_labelled_as_hrs() -> None:
    question = questions_of(form("comment", OWN, "gaming", own="I know whom to ask."), PROMISES)[1]
    assert (question.kind, question.scale, question.text) == ("own", "agreement", "I know whom to ask.")
    assert question.source.startswith("HR's question")


def test_hrs_question_fits_at_its_limit_and_not_over_it_in_characters_of_four_bytes() -> None:
    assert questions_of(form("comment", OWN, "gaming", own="a" + "🙂" * (LONGEST_OWN - 1)), PROMISES)
    assert list(faults(form("comment", OWN, "gaming", own="a" + "🙂" * LONGEST_OWN))) == [OWN_FIELD]


@pytest.mark.parametrize("text", ["???", "🙂", "<>", "。。"])
def test_hrs_question_has_a_letter_or_a_digit(text: str) -> None:
    assert "no letter and no digit" in faults(form("comment", OWN, "gaming", own=text))[OWN_FIELD]


def test_characters_that_nobody_sees_are_left_out_of_hrs_question() -> None:
    assert cleaned_line("  I\tknow\u202e whom\x00 to\nask.\u200b ") == "I know whom to ask."
    assert cleaned_line("👩\u200d💻 helps") == "👩\u200d💻 helps"


def test_a_wave_lasts_one_week_or_two() -> None:
    assert form("comment", weeks="1").length == WEEK
    assert form("comment", weeks="2").length == 2 * WEEK
    assert form("comment", weeks="52").length == WEEK


@given(own=st.text(max_size=LONGEST_OWN), chosen=st.lists(st.sampled_from([*IDS, OWN, NOTHING]), max_size=MOST))
def test_whatever_is_chosen_becomes_three_to_five_different_questions_or_is_refused_in_words(
    own: str, chosen: list[str]
) -> None:
    composition = form(*chosen, own=own)
    assert carried(composition.model_dump_json()) == composition
    try:
        found = questions_of(composition, PROMISES)
    except Faulty as fault:
        assert fault.by_field and all(fault.by_field.values())
        assert set(fault.by_field) <= {*SLOTS, OWN_FIELD}
        return
    assert FEWEST <= len({question.id for question in found}) == len(found) <= MOST
    assert sum(question.scale is None for question in found) <= 1
    assert sum(question.kind == "own" for question in found) == (OWN in chosen)


def test_what_a_page_carries_fits_into_it_and_anything_else_is_refused() -> None:
    longest = form(*[PROMISES[0].id] * MOST, own='"🙂' * (LONGEST_OWN // 2))
    assert len(longest.model_dump_json().encode()) < 3000
    for other in ("", "{}", '{"questions": ["a", "b", "c", "d", "e", "f"], "version": 1}', '{"version": 1, "more": 2}'):
        with pytest.raises(PolicyChanged):
            carried(other)
