"""Where one person stands with team summaries. Pure values."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.teams.calendar import WEEKS, Span
from bot.weeks import WEEK
from storage.belonging import Node


@dataclass(frozen=True)
class Membership:
    """Where somebody who opted in stands. `wants`: they have not left the summaries. `season` is the newest one; None
    before the first. `teams`: the team they count in this season and all above it, the whole company last; none:
    they do not count. `allowed`: whether the policy in force lets anybody see summaries."""

    wants: bool
    season: Span | None
    teams: tuple[Node, ...]
    allowed: bool

    @property
    def counts(self) -> bool:
        return bool(self.teams)

    @property
    def shown(self) -> list[Node]:
        """The summaries that they are part of: of these at least one week was published this season."""
        return [team for team in self.teams if team.shown]

    @property
    def last_day(self) -> date:
        """The last day on which they count as this season has them."""
        assert self.season is not None
        return self.season.last_week + timedelta(days=6)

    @property
    def next_season(self) -> date:
        """The Monday on which the next season begins."""
        assert self.season is not None
        return self.season.first_week + WEEKS * WEEK

    def team(self, number: int | None) -> Node:
        """The one of `teams` with this number; where it is none of them, the one they count in."""
        return next((team for team in self.teams if team.number == number), self.teams[0])
