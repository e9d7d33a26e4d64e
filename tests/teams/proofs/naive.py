"""The naive release: the mean of those who reported that week, of every team and all above it, exact, without gates.

It is what the attacks are tried on, so that each of them is seen to work where nothing protects.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from tests.teams.proofs.organisations import WEEKS, Organisation
from tests.teams.proofs.seasons import Column, columns, in_teams, opened


@dataclass(frozen=True)
class Exact:
    """The exact mean of some check-ins, in half hours."""

    week: int
    team: int
    columns: frozenset[Column]
    mean: Fraction


def naive(organisation: Organisation, *, everybody: bool = False) -> list[Exact]:
    """All that is published over all seasons: of those who count in the season, or of everybody who reported."""
    return [
        Exact(week, team, counted, mean(organisation, counted))
        for number in range(1, organisation.seasons + 1)
        for week in range((number - 1) * WEEKS, number * WEEKS)
        for team, counted in _of_week(organisation, None if everybody else number, week).items()
        if counted
    ]


def _of_week(organisation: Organisation, season: int | None, week: int) -> dict[int, frozenset[Column]]:
    if season is None:
        counted = [(life.team(week), (who, week)) for who, life in organisation.people.items() if week in life.answers]
    else:
        counted = list(columns(organisation, opened(organisation, season), week))
    fresh = [(team, column) for team, column in counted if column[1] == week]
    return in_teams(organisation, fresh, range(len(organisation.parents)))


def mean(organisation: Organisation, counted: Iterable[Column]) -> Fraction:
    """The mean of these check-ins, in half hours."""
    hours = [organisation.people[person].answers[week].saved for person, week in counted]
    return Fraction(sum(hours), len(hours))
