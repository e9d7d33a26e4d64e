"""A summary as it is shown, to whoever it is shown to: one team's releases of one season."""

from dataclasses import dataclass
from datetime import date

from bot.teams.cells import Cell
from storage import releases, seasons
from storage.database import Session
from storage.directory import SEPARATOR
from storage.tables import ReleaseCell


def called(path: str) -> str:
    """What people call a team of a season, by its path."""
    return path.rpartition(SEPARATOR)[2] or "the whole company"


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
        """What people call it: the last part of the path."""
        return called(self.path)

    @property
    def newest(self) -> Cell | None:
        """The newest release's cell; None: not shown, or nothing was released yet."""
        return self.weeks[-1][1] if self.weeks else None


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
