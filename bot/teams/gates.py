"""Which teams may be shown, so that no sums or differences of what is shown come down to few people.

The rule of atoms: a team less the shown teams below it holds nobody, or enough people, of whom enough reported that
week. Otherwise the team above is left out and those below stay. Each week stands for itself: since every atom that is
shown has at least `FRESH` reports that are new that week, no sum or difference of any weeks and teams comes down to
fewer people.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.teams.counting import Counted

# Neither a policy nor a database can lower the smallest group below this.
FLOOR = 4
# Reports of the released week itself, in every atom.
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


class Rest(NamedTuple):
    """A team less the shown teams below it."""

    people: int
    fresh: int

    def enough(self, smallest: int, fresh: int) -> bool:
        return self.people == 0 or (self.people >= smallest and self.fresh >= fresh)


def planned(teams: Sequence[Team], own: Mapping[int, int]) -> set[int]:
    """The numbers of the teams that may be shown in a season at all; `own` is how many people stand in each itself."""
    rests = {number: Rest(people, 0) for number, people in own.items()}
    return _shown(teams, rests, lambda team: team.size >= max(team.smallest_group, FLOOR), FLOOR, 0)


def shown(teams: Sequence[Team], own: Mapping[int, Counted], smallest_group: int) -> dict[int, Counted]:
    """What may be shown this week, by team number: of the planned ones those that pass every gate.

    `smallest_group` is the strictest of the policy since the season opened.
    """
    whole = _with_those_below(teams, own)
    rests = {number: Rest(counted.people, counted.fresh) for number, counted in own.items()}
    smallest = max(smallest_group, FLOOR)
    numbers = _shown(teams, rests, lambda team: passes(team, whole[team.number], smallest), smallest, FRESH)
    return {number: whole[number] for number in sorted(numbers)}


def passes(team: Team, counted: Counted, smallest_group: int) -> bool:
    """Whether a team may be shown this week as far as it goes by itself."""
    enough = counted.people >= max(team.smallest_group, smallest_group) and counted.fresh >= FRESH
    paused = counted.people < min(team.size, LARGE)
    return team.planned and enough and not paused and not counted.saved.dominated and not counted.rework.dominated


def _with_those_below(teams: Sequence[Team], own: Mapping[int, Counted]) -> dict[int, Counted]:
    whole = {team.number: Counted() for team in teams}
    for team in reversed(teams):
        if team.number in own:
            whole[team.number].merge(own[team.number])
        if team.parent is not None:
            whole[team.parent].merge(whole[team.number])
    return whole


def _shown(
    teams: Sequence[Team], own: Mapping[int, Rest], allowed: Callable[[Team], bool], smallest_group: int, fresh: int
) -> set[int]:
    """From the lowest teams up. What is not shown itself counts among the rest of the team above."""
    rests, numbers = dict(own), set[int]()
    for team in reversed(teams):
        rest = rests.get(team.number, Rest(0, 0))
        if allowed(team) and rest.enough(max(team.smallest_group, smallest_group), fresh):
            numbers.add(team.number)
        elif team.parent is not None:
            above = rests.get(team.parent, Rest(0, 0))
            rests[team.parent] = Rest(above.people + rest.people, above.fresh + rest.fresh)
    return numbers
