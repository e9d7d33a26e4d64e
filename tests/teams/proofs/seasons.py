"""The product's own pure functions, driven week by week over an organisation in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.teams.cells import Cell, cell_of, cells_of
from bot.teams.counting import Reported, by_team
from bot.teams.gates import Group, Team, planned, shown
from tests.teams.proofs.organisations import BEFORE, WEEKS, Answer, Life, Organisation

# One check-in: whose, and of which week.
Column = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """A team less the shown teams below it: whose check-ins count in it, and what it would publish by itself. All that
    is published of a week is put together from these cells."""

    columns: frozenset[Column]
    cell: Cell


@dataclass(frozen=True)
class Published:
    """What came out in a week: a cell by team. `counted` is what an attacker may know beside it: whose check-in of
    which week counts in each team that is shown (with those below). `parts` are those that hold anybody."""

    week: int
    season: int
    cells: Mapping[int, Cell]
    counted: Mapping[int, frozenset[Column]]
    groups: Mapping[int, Group]
    parts: Mapping[int, Part]


@dataclass(frozen=True)
class Opened:
    """A season: its teams as the product knows them, and who counts in which of them."""

    number: int
    teams: list[Team]
    places: Mapping[int, int]


def opened(organisation: Organisation, number: int) -> Opened:
    """The season's teams and its fixed cohort."""
    first = (number - 1) * WEEKS
    places = {person: life.team(first) for person, life in organisation.people.items() if _counts(life, first)}
    sizes, groups = [0] * len(organisation.parents), [0] * len(organisation.parents)
    own = dict.fromkeys(range(len(organisation.parents)), 0)
    for person, place in places.items():
        own[place] += 1
        for team in organisation.chain(place):
            sizes[team] += 1
            groups[team] = max(groups[team], organisation.people[person].smallest_group)
    teams = [Team(n, above, str(n), sizes[n], groups[n]) for n, above in enumerate(organisation.parents)]
    may = planned(teams, own)
    return Opened(number, [replace(team, planned=team.number in may) for team in teams], places)


def _counts(life: Life, first: int) -> bool:
    takes_part = life.opted_in <= first < min(life.opted_out, life.left)
    return takes_part and any(first - BEFORE <= week < first for week in life.answers)


def columns(organisation: Organisation, season: Opened, week: int) -> Iterator[tuple[int, Column]]:
    """Whose check-in of which week counts in which team this week."""
    for person, team in season.places.items():
        life = organisation.people[person]
        newest = life.newest(week)
        if week < life.opted_out and newest is not None:
            yield team, (person, newest)


def releases(organisation: Organisation) -> list[Published]:
    """Every release of every season."""
    found = []
    for number in range(1, organisation.seasons + 1):
        season = opened(organisation, number)
        first = (number - 1) * WEEKS
        found += [release(organisation, season, week) for week in range(first, first + WEEKS)]
    return found


def release(organisation: Organisation, season: Opened, week: int) -> Published:
    """One week as the product releases it."""
    counted = list(columns(organisation, season, week))
    own = by_team(reported(organisation, counted, week))
    groups = shown(season.teams, own, organisation.smallest_group)
    cells = cells_of(season.teams, groups, organisation.smallest_group)
    whole = in_teams(organisation, counted, cells)
    parts = {n: Part(_part(organisation, n, whole), _alone(organisation, season.teams[n], groups[n])) for n in cells}
    return Published(week, season.number, cells, whole, groups, {n: part for n, part in parts.items() if part.columns})


def _part(organisation: Organisation, team: int, whole: Mapping[int, frozenset[Column]]) -> frozenset[Column]:
    below = (columns for n, columns in whole.items() if n != team and team in organisation.chain(n))
    return whole[team].difference(*below)


def _alone(organisation: Organisation, team: Team, group: Group) -> Cell:
    people = replace(group.part, people=max(group.part.people, 1))
    return cell_of(people, max(team.smallest_group, organisation.smallest_group))


def reported(organisation: Organisation, counted: Iterable[tuple[int, Column]], week: int) -> Iterator[Reported]:
    for team, (person, newest) in counted:
        yield one(organisation.people[person].answers[newest], team=team, fresh=newest == week)


def one(answer: Answer, team: int = 1, fresh: bool = True) -> Reported:
    """One person's check-in, as it is counted."""
    return Reported(team, 1, int(fresh), {answer.saved: 1}, {answer.rework: 1}, dict.fromkeys(answer.helped, 1))


def in_teams(
    organisation: Organisation, counted: Iterable[tuple[int, Column]], teams: Iterable[int]
) -> dict[int, frozenset[Column]]:
    """Whose check-ins count in each of these teams, with those below."""
    found: dict[int, set[Column]] = {team: set() for team in teams}
    for place, column in counted:
        for team in organisation.chain(place):
            if team in found:
                found[team].add(column)
    return {team: frozenset(each) for team, each in found.items()}
