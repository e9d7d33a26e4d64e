"""Nothing that is published says that all, or none, of a group answered one way; plainer ways to publish do."""

from collections import defaultdict
from collections.abc import Hashable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pulse.auditing import Part, tells_all_or_none
from bot.pulse.bands import BANDS, band, span
from bot.pulse.tallying import Counted, Segment
from tests.pulse.results.attack import QUESTION, Group, counted, learned, ours

SEGMENTS: tuple[Segment, ...] = ("everyone", "leaders", "others")


@pytest.mark.parametrize("leaders", range(17))
def test_of_no_two_small_groups_is_it_known_that_all_or_none_agree(leaders: int) -> None:
    for others in range(max(leaders, 5), 17):
        assert learned(ours(), Group(leaders), Group(others)) == {}, others


@settings(max_examples=60, deadline=None)
@given(
    leaders=st.builds(Group, st.integers(0, 40), st.integers(0, 12)),
    others=st.builds(Group, st.integers(0, 40), st.integers(0, 12)),
    smallest=st.integers(4, 12),
)
def test_nor_of_any_two_groups_with_any_smallest_group(leaders: Group, others: Group, smallest: int) -> None:
    assert learned(ours(smallest), leaders, others) == {}


def per_cent(counts: Counted) -> Hashable:
    """As most tools show it: the share of each group of five and more, in per cent."""
    return tuple(_share(counts, segment) for segment in SEGMENTS)


def _share(counts: Counted, segment: Segment) -> float | None:
    options = counts.of(QUESTION.id, segment)
    return round(100 * options["5"] / options.total()) if options.total() >= 5 else None


def bands_without_an_audit(counts: Counted) -> tuple[int | None, ...]:
    """Our bands, of each group of five and more, whatever they say together."""
    options = {segment: counts.of(QUESTION.id, segment) for segment in SEGMENTS}
    return tuple(band(each["5"], each.total()) if each.total() >= 5 else None for each in options.values())


def bands_that_withhold_only_what_tells(counts: Counted) -> Hashable:
    """Our bands, left out exactly where they tell something: then their being left out tells it."""
    shown = bands_without_an_audit(counts)
    leaders, others = (Group(counts.of(QUESTION.id, segment).total()) for segment in ("leaders", "others"))
    return shown[:1] if shown in _telling(leaders, others) else shown


_KNOWN: dict[tuple[Group, Group], set[Hashable]] = {}


def _telling(leaders: Group, others: Group) -> set[Hashable]:
    if (leaders, others) not in _KNOWN:
        _KNOWN[leaders, others] = set(learned(bands_without_an_audit, leaders, others))
    return _KNOWN[leaders, others]


def test_the_same_attack_succeeds_on_percentages() -> None:
    found = learned(per_cent, Group(5), Group(7))
    assert {"all of leaders", "none of others", "none of everyone"} <= set().union(*found.values())


def test_the_same_attack_succeeds_on_bands_that_nobody_audits() -> None:
    """Of twelve leaders and eight others few agree, but half of the others: so no leader does."""
    found = learned(bands_without_an_audit, Group(12), Group(8))
    assert {"none of leaders"} in found.values()
    assert learned(ours(), Group(12), Group(8)) == {}


def test_the_same_attack_succeeds_where_only_what_tells_is_left_out() -> None:
    pairs = list(product(range(5, 13), repeat=2))
    broken = [pair for pair in pairs if learned(bands_that_withhold_only_what_tells, *map(Group, pair))]
    assert broken
    assert all(learned(ours(), Group(one), Group(other)) == {} for one, other in broken)


@pytest.mark.parametrize("leaders", range(9))
def test_who_knows_only_how_many_answered_learns_no_more(leaders: int) -> None:
    """They go through every way in which a group can agree, not agree or not know. One thing is left to them, of the
    smallest groups: that somebody does know."""
    for others in range(max(leaders, 5), 9):
        worlds: dict[Hashable, list[tuple[int, ...]]] = defaultdict(list)
        for one, other in product(_ways(leaders), _ways(others)):
            groups = Group(one[0] + one[1], one[2]), Group(other[0] + other[1], other[2])
            worlds[ours()(counted(*groups, (one[0], other[0])))].append((*one, *other))
        for seen in worlds.values():
            columns = [set(column) for column in zip(*seen, strict=True)]
            for size, of in ((leaders, columns[:3]), (others, columns[3:])):
                assert size == 0 or ({size} not in of and {0} not in of[:2])


def _ways(size: int) -> list[tuple[int, int, int]]:
    """Every (agree, do not agree, do not know) of so many people."""
    return [(yes, no, size - yes - no) for yes in range(size + 1) for no in range(size - yes + 1)]


@given(st.integers(1, 200), st.integers(0, BANDS - 1))
def test_a_bands_span_is_every_count_in_it_and_no_other(whole: int, number: int) -> None:
    inside = [part for part in range(whole + 1) if band(part, whole) == number]
    found = span(number, whole)
    assert inside == (list(range(found[0], found[1] + 1)) if found else [])


@given(st.integers(5, 10_000))
def test_each_end_band_of_five_and_more_holds_an_answer_of_the_other_kind(whole: int) -> None:
    assert band(1, whole) == band(0, whole) == 0
    assert band(whole - 1, whole) == band(whole, whole) == BANDS - 1


def test_a_hundred_thousand_ballots_are_audited_by_bounds() -> None:
    """Enumerating these groups would take 900 million counts for one pair of bands."""
    assert not tells_all_or_none(Part(10_000, 30_000), Part(65_000, 70_000))
    # Few of all agree, and many of a small group: nobody else may.
    assert tells_all_or_none(Part(20_000, 25_000), Part(0, 75_000))
