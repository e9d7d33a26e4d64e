"""Whether what is stored of each release is still what was published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.teams.content import canonical, fingerprint
from bot.teams.summary import cell_of_row
from storage import releases, seasons
from storage.database import Session
from storage.tables import Release


@dataclass(frozen=True)
class Verified:
    """A release: its week, the hash that was stored with it, and the one that its cells give now."""

    week: date
    stored: str
    found: str

    @property
    def well(self) -> bool:
        return self.stored == self.found


def verify(session: Session) -> Iterator[Verified]:
    """Every release, oldest first, one after the other."""
    paths: dict[tuple[int, int], str] = {}
    for release in releases.every(session):
        if (release.season, seasons.COMPANY) not in paths:
            paths = {(team.season, team.number): team.path for team in seasons.teams(session, release.season)}
        yield Verified(release.week, release.hash, _hash(session, release, paths))


def _hash(session: Session, release: Release, paths: dict[tuple[int, int], str]) -> str:
    # A cell of another season than its release is shown nowhere: it is as good as gone.
    found = [cell for cell in releases.cells_in(session, release.week) if cell.season == release.season]
    cells = {paths[cell.season, cell.team]: cell_of_row(cell) for cell in found if (cell.season, cell.team) in paths}
    return fingerprint(canonical(release.week, release.season, release.usage, cells))
