"""A summary as it is shown, to whoever it is shown to: one team's releases of one season."""

from dataclasses import dataclass, replace
from datetime import date

from bot.teams.calendar import Span
from bot.teams.cells import Cell
from storage import releases, seasons
from storage.database import Session
from storage.directory import SEPARATOR
from storage.tables import ReleaseCell

COMPANY_WORDS = "the whole company"


def called(path: str) -> str:
    """What people call a team of a season, by its path: the last part of it."""
    return path.rpartition(SEPARATOR)[2] or COMPANY_WORDS


def path_words(path: str) -> str:
    """The whole path, as it stands in a list or a table."""
    return path or COMPANY_WORDS.capitalize()


@dataclass(frozen=True)
class Summary:
    """`weeks`: every week that was released, oldest first, with its cell; None: not shown, for whatever reason.

    `path` is that of the team as it stood when the season opened; "" is the whole company.
    """

    season: int
    team: int
    path: str
    first_week: date
    weeks: tuple[tuple[date, Cell | None], ...]

    @property
    def name(self) -> str:
        """What people call it."""
        return called(self.path)

    @property
    def last_day(self) -> date:
        """The last day of its season."""
        return Span(self.season, self.first_week).last_day

    @property
    def newest(self) -> Cell | None:
        """The newest release's cell; None: not shown, or nothing was released yet."""
        return self.weeks[-1][1] if self.weeks else None

    def with_nothing_shown(self) -> "Summary":
        """The same for somebody to whom nothing of it is shown: as if nothing were of any week."""
        return replace(self, weeks=tuple((week, None) for week, _ in self.weeks))


def read(session: Session, season: int, team: int, since: date | None = None) -> Summary | None:
    """The summary of a team, with what was released of weeks from `since` on; None where there is no such team."""
    opened, row = seasons.by_number(session, season), seasons.team(session, season, team)
    if opened is None or row is None:
        return None
    cells = releases.cells_of(session, season, team)
    weeks = [each.week for each in releases.of_season(session, season) if since is None or each.week >= since]
    shown = tuple((week, cell_of_row(cells[week]) if week in cells else None) for week in weeks)
    return Summary(season, team, row.path, opened.first_week, shown)


def cell_of_row(row: ReleaseCell) -> Cell:
    """A stored cell as what it is."""
    return Cell(row.saved, row.rework, row.helped, tuple(row.categories), row.half_reported)
