"""Which teams may be shown, so that no sums or differences of what is shown come down to few people.

The rule of atoms: a team less the shown teams below it, its part, holds nobody, or enough people, of whom enough
reported that week and none stands out. Otherwise the team above is left out and those below stay. Each week stands for
itself: since every part that is shown has at least `FRESH` reports that are new that week, no sum or difference of any
weeks and teams comes down to fewer people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.teams.counting import Counted

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

    return set(_parts(teams, {number: Counted(people=people) for number, people in own.items()}, may_be))


def shown(teams: Sequence[Team], own: Mapping[int, Counted], smallest_group: int) -> dict[int, Group]:
    """What may be shown this week, by team number: of the planned ones those that pass every gate.

    `smallest_group` is the strictest of the policy since the season opened.
    """
    whole, smallest = _with_those_below(teams, own), max(smallest_group, FLOOR)

    def may_be(team: Team, part: Counted) -> bool:
        return passes(team, Group(whole[team.number], part), smallest)

    parts = _parts(teams, own, may_be)
    return {number: Group(whole[number], parts[number]) for number in sorted(parts)}


def passes(team: Team, group: Group, smallest_group: int) -> bool:
    """Whether a team may be shown this week, given which of the teams below it are."""
    whole, part, least = group.whole, group.part, max(team.smallest_group, smallest_group)
    enough = _enough(whole, least) and (part.people == 0 or (_enough(part, least) and not part.dominated))
    paused = whole.people < min(team.size, LARGE)
    return team.planned and enough and not paused


def _enough(counted: Counted, least: int) -> bool:
    return counted.people >= least and counted.fresh >= FRESH


def _with_those_below(teams: Sequence[Team], own: Mapping[int, Counted]) -> dict[int, Counted]:
    whole = _copies(teams, own)
    for team in reversed(teams):
        if team.parent is not None:
            whole[team.parent].merge(whole[team.number])
    return whole


def _parts(
    teams: Sequence[Team], own: Mapping[int, Counted], may_be: Callable[[Team, Counted], bool]
) -> dict[int, Counted]:
    """From the lowest teams up. What is not shown itself counts among the part of the team above."""
    rests, parts = _copies(teams, own), dict[int, Counted]()
    for team in reversed(teams):
        rest = rests[team.number]
        if may_be(team, rest):
            parts[team.number] = rest
        elif team.parent is not None:
            rests[team.parent].merge(rest)
    return parts


def _copies(teams: Sequence[Team], own: Mapping[int, Counted]) -> dict[int, Counted]:
    # A team with none below it is never added to, and needs no copy.
    copies = {team.number: own.get(team.number) or Counted() for team in teams}
    for number in {team.parent for team in teams if team.parent is not None}:
        copies[number] = Counted()
        if number in own:
            copies[number].merge(own[number])
    return copies
