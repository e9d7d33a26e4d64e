"""What is shown of counts: bands, of groups that are large enough, with those who do not know beside them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pulse.banding import SMALLEST, Publishable, band, publishable
from bot.pulse.envelope import Ballot
from bot.pulse.questions import DONT_KNOW, POINTS
from bot.pulse.tallying import Counted, count
from tests.pulse.results.attack import QUESTION, Group, cells_of, counted

Q = QUESTION.id


def shown(leaders: Group, others: Group, agree: tuple[int, int], smallest: int = 5) -> Publishable:
    return publishable([QUESTION], counted(leaders, others, agree), smallest, 10)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 5, 0), (1, 5, 0), (2, 5, 1), (3, 5, 3), (4, 5, 4), (5, 5, 4), (5, 10, 2), (21, 100, 1), (41, 100, 2),
        (40, 100, 1), (60, 100, 3), (59, 100, 2), (80, 100, 4), (79, 100, 3), (20, 100, 0),
    ],
)  # fmt: skip
def test_a_share_lies_in_one_of_five_bands(part: int, whole: int, expected: int) -> None:
    assert band(part, whole) == expected


@pytest.mark.parametrize("smallest", [5, 6, 9])
def test_nothing_is_shown_of_fewer_than_the_smallest_group(smallest: int) -> None:
    assert shown(Group(0), Group(smallest - 1), (0, 3), smallest).cells == ()
    assert cells_of(shown(Group(0), Group(smallest), (0, 3), smallest)).keys() == {"everyone"}


def test_a_policy_that_allows_four_does_not_get_four() -> None:
    assert SMALLEST == 5
    assert shown(Group(0), Group(4), (0, 2), 4).cells == ()


def test_the_share_needs_as_many_with_an_opinion() -> None:
    cells = cells_of(shown(Group(0), Group(4, unsure=6), (0, 3)))
    assert cells == {"everyone": (None, 3)}


@pytest.mark.parametrize(("leaders", "others"), [(4, 20), (20, 4), (4, 4)])
def test_a_group_is_shown_only_where_it_and_the_rest_are_both_large_enough(leaders: int, others: int) -> None:
    """Otherwise who knows the whole and one part can take it off, and has the part that was too small."""
    assert cells_of(shown(Group(leaders), Group(others), (2, 2))).keys() == {"everyone"}


def test_both_groups_are_shown_together_or_neither_is() -> None:
    cells = cells_of(shown(Group(10), Group(20), (3, 12)))
    assert cells == {"everyone": (2, 0), "leaders": (1, None), "others": (3, None)}


def test_a_group_of_enough_people_without_enough_opinions_is_not_shown() -> None:
    assert cells_of(shown(Group(4, unsure=3), Group(20), (2, 9))).keys() == {"everyone"}


@given(st.integers(5, 60), st.data())
def test_who_does_not_know_is_never_counted_for_or_against(opinions: int, data: st.DataObject) -> None:
    agree, unsure = data.draw(st.integers(0, opinions)), data.draw(st.integers(0, 60))
    cells = cells_of(shown(Group(0), Group(opinions, unsure), (0, agree)))
    assert cells["everyone"] == (band(agree, opinions), band(unsure, opinions + unsure))
    without = cells_of(shown(Group(0), Group(opinions), (0, agree)))
    assert without["everyone"][0] == cells["everyone"][0]


@given(st.lists(st.tuples(st.sampled_from([*POINTS, DONT_KNOW, "6", ""]), st.booleans()), max_size=40))
def test_ballots_are_counted_question_by_question_and_unknown_options_left_out(chosen: list[tuple[str, bool]]) -> None:
    ballots = [Ballot({Q: option, "another": "5"}, leader) for option, leader in chosen]
    found = count([QUESTION], ballots)
    valid = [(option, leader) for option, leader in chosen if option in {*POINTS, DONT_KNOW}]
    assert found.ballots == len(chosen)
    assert found.of(Q, "everyone") == Counter(option for option, _ in valid)
    assert found.of(Q, "leaders") == Counter(option for option, leader in valid if leader)
    assert found.of(Q, "leaders") + found.of(Q, "others") == found.of(Q, "everyone")
    assert found.of("another", "everyone") == Counter()


@pytest.mark.parametrize(("ballots", "there"), [(9, False), (10, True)])
def test_comments_need_their_own_number_of_ballots(ballots: int, there: bool) -> None:
    found = publishable([QUESTION], Counted(ballots=ballots, comments=["b", "a", "b"]), 5, 10)
    assert found.comments == (("a", "b") if there else ())
