"""Nothing that is published says that everybody did, or that nobody did; tried with all answers of small groups."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement, product

import pytest

from bot.pulse.bands import band
from bot.teams.cells import Cell, bands_are_safe, cell_of, cells_of
from bot.teams.counting import Counted
from bot.teams.gates import FLOOR, FRESH, Group, Team, passes
from bot.teams.hours import COUNTED_SAVED
from tests.teams.proofs.organisations import Answer
from tests.teams.proofs.seasons import one

VALUES = sorted(set(COUNTED_SAVED.values()))


def group(hours: tuple[int, ...]) -> Counted:
    """People who all reported, with these half hours saved and none lost."""
    counted = Counted()
    for each in hours:
        counted.take(one(Answer(each, 0)))
    return counted


def every_group(people: int) -> Iterator[tuple[tuple[int, ...], Counted]]:
    for hours in combinations_with_replacement(VALUES, people):
        yield hours, group(hours)


def is_shown(counted: Counted) -> bool:
    team = Team(1, None, "", counted.people, FLOOR)
    return passes(team, Group(counted, counted), FLOOR)


@pytest.mark.parametrize("people", range(FLOOR, 10))
def test_no_cell_of_a_group_says_that_all_or_that_none_saved_time(people: int) -> None:
    helped: dict[Cell, set[int]] = defaultdict(set)
    for _, counted in every_group(people):
        if is_shown(counted):
            helped[cell_of(counted, FLOOR)].add(counted.helped)
    assert len(helped) >= 6
    assert not [cell for cell, possible in helped.items() if possible in ({0}, {people})]


@pytest.mark.parametrize("people", range(FLOOR, 10))
def test_whatever_a_cell_says_each_person_can_have_given_answers_three_hours_apart(people: int) -> None:
    """Of the answers that there are, to whoever knows all rules and that nothing was left out."""
    answers: dict[Cell, set[int]] = defaultdict(set)
    for hours, counted in every_group(people):
        if is_shown(counted):
            answers[cell_of(counted, FLOOR)].update(hours)
    assert all(max(possible) - min(possible) >= 6 for possible in answers.values())


@pytest.mark.parametrize("people", range(FLOOR, 10))
def test_who_knows_that_only_dominance_can_be_the_cause_still_cannot_tell_any_person_s_answer(people: int) -> None:
    """What it does tell them: in a group of up to seven that somebody stands out, not who. From eight people on a step
    is so coarse that nobody can, with the answers that there are."""
    hidden = [hours for hours, counted in every_group(people) if not is_shown(counted)]
    assert bool(hidden) == (people < 8)
    assert not hidden or {0, 10} <= {each for hours in hidden for each in hours}


TEAMS = [Team(0, None, "", 0, FLOOR), Team(1, 0, "Payments", 0, FLOOR)]


def two(below: Counted, beside: Counted) -> dict[int, Cell]:
    whole = Counted()
    whole.merge(below)
    whole.merge(beside)
    return cells_of(TEAMS, {0: Group(whole, beside), 1: Group(below, below)}, FLOOR)


def helping(people: int, helped: int) -> Counted:
    return group((10,) * helped + (0,) * (people - helped))


@pytest.mark.parametrize(("below", "beside"), list(product(range(FLOOR, 10), repeat=2)))
def test_the_bands_of_a_team_and_of_the_team_above_do_not_say_all_or_none_of_the_rest(below: int, beside: int) -> None:
    possible: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    for some, other in product(range(below + 1), range(beside + 1)):
        cells = two(helping(below, some), helping(beside, other))
        possible[cells[1].helped, cells[0].helped].add(other)
    assert not [each for each, rest in possible.items() if rest in ({0}, {beside})]


def test_bands_of_each_team_by_itself_would_say_that_none_of_the_rest_saved_time() -> None:
    possible: dict[tuple[int, int], set[int]] = defaultdict(set)
    for some, other in product(range(11), range(5)):
        possible[band(some, 10), band(some + other, 14)].add(other)
    assert {0} in possible.values()


@pytest.mark.parametrize(("smallest", "more"), list(product(range(FLOOR, 8), range(8))))
def test_a_category_that_is_named_or_not_never_says_that_all_or_none_named_it(smallest: int, more: int) -> None:
    people = smallest + more
    possible: dict[bool, set[int]] = {True: set(), False: set()}
    for naming in range(people + 1):
        counted = Counted()
        for each in range(people):
            counted.take(one(Answer(3, 0, ("coding",) if each < naming else ())))
        possible["coding" in cell_of(counted, smallest).categories].add(naming)
    assert not possible[True] or min(possible[True]) >= smallest
    assert not possible[True] or len(possible[True]) >= 3
    assert {0, 1, 2} <= possible[False]


def test_a_category_named_below_is_named_above_and_says_nothing_of_the_rest() -> None:
    below, beside = Counted(), Counted()
    for _ in range(8):
        below.take(one(Answer(3, 0, ("coding",))))
        beside.take(one(Answer(3, 0), team=0))
    with_rest = two(below, beside)
    for _ in range(3):
        beside.categories["coding"] += 1
    assert with_rest[0].categories == ("coding",) == with_rest[1].categories
    assert two(below, beside) == with_rest


def told_by_two_weeks(people: int, fresh: int) -> bool:
    """Whether any two bands, of a week in which all reported and of one in which the `fresh` ones did, say of all of
    the fresh, or of all of the others, what they answered."""
    worlds = defaultdict(list)
    for still, before, after in product(range(people - fresh + 1), range(fresh + 1), range(fresh + 1)):
        worlds[band(still + before, people), band(still + after, people)].append((still, before, after))
    sure = [({still}, {before}, {after}) for still, before, after in ((0, 0, 0), (people - fresh, fresh, fresh))]
    return any(
        possible == certain and (place > 0 or fresh < people)
        for seen in worlds.values()
        for ends in sure
        for place, (possible, certain) in enumerate(zip(map(set, zip(*seen, strict=True)), ends, strict=True))
    )


@pytest.mark.parametrize("people", range(5, 41))
def test_two_weeks_of_bands_never_say_what_all_who_reported_answered(people: int) -> None:
    """A plain band in each week does, from six people on, for some number of those who report in the second one."""
    safe = [fresh for fresh in range(1, people + 1) if bands_are_safe(Counted(people=people, fresh=fresh))]
    assert safe and not any(told_by_two_weeks(people, fresh) for fresh in safe)
    assert people < 6 or any(told_by_two_weeks(people, fresh) for fresh in range(FRESH, people))
