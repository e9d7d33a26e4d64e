"""Where one person stands with team summaries. Pure values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.teams.calendar import Span
from bot.teams.rights import HR, Role
from storage.belonging import Node
from storage.seasons import COMPANY


def offered(teams: Sequence[Node], viewers: Collection[str]) -> tuple[Node, ...]:
    """Of these teams, the one that somebody counts in first, those whose summary one of `viewers` may open."""
    return tuple(team for team in teams if _may_open(team, teams[0]) & set(viewers))


def _may_open(team: Node, own: Node) -> set[Role]:
    if not team.leads and team.number != COMPANY:
        return {"managers"}
    of_one_team = not own.leads and team.size == own.size
    leaders: set[Role] = set() if team.number == COMPANY else {"leaders"}
    return leaders if of_one_team else {*leaders, HR}


@dataclass(frozen=True)
class Membership:
    """Where somebody who opted in stands. `wants`: they have not left the summaries. `season` is the newest one; None
    before the first. `teams`: the team they count in this season and all above it, the whole company last; none:
    they do not count. `offered`: of these, those whose summary somebody may open. `allowed`: whether the
    policy in force lets anybody see summaries."""

    wants: bool
    season: Span | None
    teams: tuple[Node, ...]
    offered: tuple[Node, ...]
    allowed: bool

    @property
    def counts(self) -> bool:
        return bool(self.teams)

    @property
    def may_look(self) -> bool:
        """Whether there are summaries that they may open as somebody who counts in them."""
        return bool(self.offered)

    @property
    def shown(self) -> list[Node]:
        """The summaries that they are part of and that somebody may open: of these at least one week was published this
        season."""
        return [team for team in self.offered if team.shown]

    @property
    def last_day(self) -> date:
        """The last day on which they count as this season has them."""
        assert self.season is not None
        return self.season.last_day

    @property
    def next_season(self) -> date:
        """The Monday on which the next season begins."""
        assert self.season is not None
        return self.season.next.first_week

    def team(self, number: int | None) -> Node:
        """The one of `offered` with this number; where it is none of them, the first."""
        return next((team for team in self.offered if team.number == number), self.offered[0])
