"""Which teams may be shown, so that no sums or differences of what is shown come down to few people.

The rule of atoms: a team less the shown teams below it, its part, holds nobody, or enough people, of whom enough
reported that week and none stands out. Otherwise the team above is left out and those below stay. Each week stands for
itself: since every part that is shown has at least `FRESH` reports that are new that week, no sum or difference of any
weeks and teams comes down to fewer people. And since enough of it is new, not even a fall from the highest step to the
lowest says what one of them reported.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bot.teams.counting import Counted
from bot.teams.hours import CAP, LARGEST, ONE_HOUR, OPEN

# Neither a policy nor a database can lower the smallest group below this.
FLOOR = 4
# Reports of the released week itself, in every part.
FRESH = 4
# From so many people on a group goes on when somebody withdraws; a smaller one pauses until the season is over.
LARGE = 20


@dataclass(frozen=True)
class Team:
    """A team of a season. Those above come before those below; `parent` is a number, None for the company."""

    number: int
    parent: int | None
    path: str
    size: int
    smallest_group: int
    planned: bool = True


@dataclass(frozen=True)
class Group:
    """A team that is shown this week: the `whole` of it, and its `part` less the shown teams below it."""

    whole: Counted
    part: Counted


def planned(teams: Sequence[Team], own: Mapping[int, int]) -> set[int]:
    """The numbers of the teams that may be shown in a season at all; `own` is how many people stand in each itself."""

    def may_be(team: Team, part: Counted) -> bool:
        least = max(team.smallest_group, FLOOR)
        return team.size >= least and (part.people == 0 or part.people >= least)

    return set(_shown_parts(teams, {number: Counted(people=people) for number, people in own.items()}, may_be))


def shown(teams: Sequence[Team], own: Mapping[int, Counted], smallest_group: int) -> dict[int, Group]:
    """What may be shown this week, by team number: of the planned ones those that pass every gate.

    `smallest_group` is the strictest of the policy since the season opened.
    """
    whole, smallest = _with_those_below(teams, own), max(smallest_group, FLOOR)

    def may_be(team: Team, part: Counted) -> bool:
        return passes(team, Group(whole[team.number], part), smallest)

    parts = _shown_parts(teams, own, may_be)
    return {number: Group(whole[number], parts[number]) for number in sorted(parts)}


def passes(team: Team, group: Group, smallest_group: int) -> bool:
    """Whether a team may be shown this week, given which of the teams below it are."""
    whole, part, least = group.whole, group.part, max(team.smallest_group, smallest_group)
    enough = _enough(whole, least) and (part.people == 0 or (_enough(part, least) and not part.dominated))
    paused = any(group.people < min(group.size, LARGE) for group in (whole, part))
    return team.planned and enough and not paused


def _enough(counted: Counted, least: int) -> bool:
    return counted.people >= least and counted.fresh >= fresh_needed(counted.people)


@cache
def fresh_needed(people: int) -> int:
    """Of so many people, how many have to have reported in a week for it to be shown.

    Between two weeks the sum can be known to have changed by as much as lies between the lowest step and the highest.
    All but one of those who reported have to be able to bring that about, but for what one person may be known to have
    changed: else it is known of each of them, to within less than four hours, what they reported.
    """
    quarters = (2 * CAP - 1 - 2 * ONE_HOUR) * people - 2 * (LARGEST - OPEN)
    return max(FRESH, 1 - -quarters // (2 * LARGEST))


def _with_those_below(teams: Sequence[Team], own: Mapping[int, Counted]) -> dict[int, Counted]:
    whole = _copies(teams, own)
    for team in reversed(teams):
        if team.parent is not None:
            whole[team.parent].merge(whole[team.number])
    return whole


def _shown_parts(
    teams: Sequence[Team], own: Mapping[int, Counted], may_be: Callable[[Team, Counted], bool]
) -> dict[int, Counted]:
    """The parts of the teams that may be shown, by team number, from the lowest teams up: what is not shown itself
    counts among the part of the team above."""
    parts, found = _copies(teams, own), dict[int, Counted]()
    for team in reversed(teams):
        part = parts[team.number]
        if may_be(team, part):
            found[team.number] = part
        elif team.parent is not None:
            parts[team.parent].merge(part)
    return found


def _copies(teams: Sequence[Team], own: Mapping[int, Counted]) -> dict[int, Counted]:
    # A team with none below it is never added to, and needs no copy.
    copies = {team.number: own.get(team.number) or Counted() for team in teams}
    for number in {team.parent for team in teams if team.parent is not None}:
        copies[number] = Counted()
        if number in own:
            copies[number].merge(own[number])
    for number, size in _own_sizes(teams).items():
        copies[number].size = size
    return copies


def _own_sizes(teams: Sequence[Team]) -> dict[int, int]:
    """How many people counted in each team itself when the season opened, without those in teams below it."""
    sizes = {team.number: team.size for team in teams}
    for team in teams:
        if team.parent is not None:
            sizes[team.parent] -= team.size
    return sizes
