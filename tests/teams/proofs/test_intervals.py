"""The interval audit: nobody's hours of any week can be told to within less than four hours.

The unknowns go up to five hours, the largest answer that a check-in has. Up to ten hours, where entries are clipped,
more is possible, never less: every world found here is one there too.
"""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.teams.cells import Cell
from bot.teams.gates import FRESH, fresh_needed
from bot.teams.hours import CAP, CLIP, LARGEST, LESS_THAN_AN_HOUR, ONE_HOUR, step
from tests.teams.proofs.intervals import TOLERANCE, WIDE, Audit, Bound, bound, of_cells
from tests.teams.proofs.naive import mean, naive
from tests.teams.proofs.organisations import ALWAYS, Answer, Kind, Life, Organisation, draw
from tests.teams.proofs.seasons import Published, releases

SEEDS = st.integers(0, 2**32)
LEVELS = st.sampled_from((2, 3))


def saved(cell: Cell) -> int:
    return cell.saved


def rework(cell: Cell) -> int:
    return cell.rework


def of_parts(published: Iterable[Published]) -> list[tuple[frozenset[tuple[int, int]], Cell]]:
    return [(part.columns, part.cell) for each in published for part in each.parts.values()]


def narrowest(bounds: list[Bound], largest: int = LARGEST) -> float:
    return min(Audit(bounds, largest).widths().values(), default=float("inf"))


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, levels=LEVELS, figure=st.sampled_from((saved, rework)))
def test_what_is_published_in_a_season_leaves_every_check_in_four_hours_open(
    seed: int, levels: int, figure: Callable[[Cell], int]
) -> None:
    published = releases(draw(Kind(levels), seed))
    assert narrowest(of_cells(of_parts(published), figure)) >= WIDE - TOLERANCE


@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, levels=LEVELS)
def test_over_two_seasons_with_people_who_come_and_go_four_hours_stay_open(seed: int, levels: int) -> None:
    published = releases(draw(Kind(levels, seasons=2, restless=0.3), seed))
    assert narrowest(of_cells(of_parts(published), saved)) >= WIDE - TOLERANCE


@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, week=st.integers(1, 11))
def test_a_withdrawal_from_a_large_team_that_goes_on_leaves_four_hours_open_to_everybody(seed: int, week: int) -> None:
    organisation = draw(Kind(2, lowest=(5, 22, 24), upper=(0, 5), restless=0, attendance=(0.95, 0.8)), seed)
    first = releases(organisation)[0]
    large = [team for team, columns in first.counted.items() if len(columns) > 20]
    assume(large)
    person = min(who for who, _ in first.counted[max(large)])
    gone = organisation.with_life(person, withdrawn(organisation.people[person], week))
    published = releases(gone)
    assert any(max(large) in each.cells for each in published if each.week >= week)
    assert narrowest(of_cells(of_parts(published), saved)) >= WIDE - TOLERANCE


def withdrawn(life: Life, week: int) -> Life:
    return Life(life.teams, life.answers, life.opted_in, week, life.left, life.smallest_group)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, levels=LEVELS)
def test_the_same_audit_tells_hours_to_within_less_from_the_naive_release(seed: int, levels: int) -> None:
    exact = [each for each in naive(draw(Kind(levels), seed)) if each.week < 4]
    bounds = [Bound(each.columns, *[float(each.mean * len(each.columns))] * 2) for each in exact]
    assert narrowest(bounds, CLIP) < WIDE - TOLERANCE


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, levels=LEVELS)
def test_a_team_above_is_put_together_from_the_rounded_figures_of_its_parts_and_nothing_else(
    seed: int, levels: int
) -> None:
    organisation = draw(Kind(levels), seed)
    for published in releases(organisation):
        for team, cell in published.cells.items():
            parts = [each for n, each in published.parts.items() if team in organisation.chain(n)]
            people = sum(len(each.columns) for each in parts)
            halves = sum(len(each.columns) * (each.cell.saved or 1) for each in parts)
            assert cell.saved == step(halves, people)
            assert set(cell.categories) == {code for each in parts for code in each.cell.categories}
            assert (cell.helped is None) == any(each.cell.helped is None for each in parts)


# Fourteen people at 1 h 15 min on average, and four beside them who saved nothing.
MIXED = [3] * 11 + [1, 1, 0]


def mixed() -> Organisation:
    """One team of fourteen below the company, and four people directly in it."""
    hours = [*((1, each) for each in MIXED), *((0, 0) for _ in range(4))]
    people = {
        who: Life({-4: team}, {-1: Answer(saved, 0), 0: Answer(saved, 0)}, opted_out=ALWAYS)
        for who, (team, saved) in enumerate(hours)
    }
    return Organisation((None, 0), people)


def test_rounding_each_team_by_itself_would_tell_what_the_four_above_reported_and_parts_do_not() -> None:
    (first, *_) = releases(mixed())
    assert set(first.cells) == {0, 1}
    by_itself = [
        Bound(columns, *edges)
        for columns, edges in ((first.counted[1], (2.5 * 14, 3.5 * 14)), (first.counted[0], (0, 2.0 * 18)))
    ]
    assert sum(MIXED) >= 2.5 * 14 and sum(MIXED) < 2 * 18
    assert narrowest(by_itself) <= 1
    assert narrowest(of_cells(of_parts([first]), saved)) >= WIDE - TOLERANCE


@pytest.mark.parametrize("people", range(4, 40))
@pytest.mark.parametrize("published", [LESS_THAN_AN_HOUR, *range(ONE_HOUR, CAP + 1)])
def test_one_figure_by_itself_leaves_four_hours_open_in_a_group_of_any_size(people: int, published: int) -> None:
    columns = frozenset((who, 0) for who in range(people))
    cell = Cell(published, 0, None, (), True)
    assert narrowest(of_cells([(columns, cell)], saved)) >= WIDE - TOLERANCE


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, levels=LEVELS)
def test_a_team_above_is_told_to_within_three_quarters_of_an_hour(seed: int, levels: int) -> None:
    organisation = draw(Kind(levels), seed)
    for published in releases(organisation):
        for team, cell in published.cells.items():
            parts = [each for n, each in published.parts.items() if team in organisation.chain(n)]
            if all(each.cell.saved < CAP for each in parts):
                exact = mean(organisation, published.counted[team])
                assert abs(exact - cell.saved) <= 1.5 if cell.saved else exact < ONE_HOUR + 1


@pytest.mark.parametrize("people", range(4, 30))
@pytest.mark.parametrize("steps", [(CAP, LESS_THAN_AN_HOUR), (LESS_THAN_AN_HOUR, CAP)])
def test_not_even_a_jump_between_the_lowest_and_the_highest_step_tells_of_those_who_reported(
    people: int, steps: tuple[int, int]
) -> None:
    """As many are silent in the second week as the gate lets through. With one more it would tell, where so few could
    bring it about at all."""
    needed = fresh_needed(people)
    assert narrowest(jump(people, needed, steps), LARGEST) >= WIDE - TOLERANCE
    if needed > FRESH and 2 * LARGEST * (needed - 1) >= (2 * CAP - 1 - 2 * ONE_HOUR) * people:
        assert narrowest(jump(people, needed - 1, steps), LARGEST) < WIDE - TOLERANCE


def jump(people: int, fresh: int, steps: tuple[int, int]) -> list[Bound]:
    """Two weeks of a group: all report in the first one, the `fresh` ones in the second."""
    first = frozenset((who, 0) for who in range(people))
    second = frozenset((who, 1 if who < fresh else 0) for who in range(people))
    return [bound(first, steps[0]), bound(second, steps[1])]
