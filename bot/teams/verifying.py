"""Whether what is stored of each release is still what was published."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.ledger.chain import RELEASE
from bot.teams.content import canonical, fingerprint
from bot.teams.releasing import entry_of
from bot.teams.summary import cell_of_row
from storage import ledger, releases, seasons
from storage.database import Session
from storage.tables import Release


@dataclass(frozen=True)
class Verified:
    """A release: its week, the hash that was stored with it, and the one that its cells give now. `told`: whether the
    ledger names that hash; None where it has no entry of the week any more."""

    week: date
    stored: str
    found: str
    told: bool | None

    @property
    def well(self) -> bool:
        return self.stored == self.found and self.told is not False


def verify(session: Session) -> Iterator[Verified]:
    """Every release, oldest first, one after the other."""
    paths: dict[tuple[int, int], str] = {}
    told = ledger.about(session, RELEASE)
    for release in releases.every(session):
        if (release.season, seasons.COMPANY) not in paths:
            paths = {(team.season, team.number): team.path for team in seasons.teams(session, release.season)}
        yield Verified(release.week, release.hash, _hash(session, release, paths), _told(release, told))


def _told(release: Release, told: Collection[str]) -> bool | None:
    of_this_week = [about for about in told if about.startswith(entry_of(release.week, ""))]
    return entry_of(release.week, release.hash) in of_this_week if of_this_week else None


def missing(session: Session) -> list[str]:
    """What the ledger says of releases that are not there."""
    there = tuple(entry_of(release.week, "") for release in releases.every(session))
    return sorted(about for about in ledger.about(session, RELEASE) if not about.startswith(there))


def _hash(session: Session, release: Release, paths: dict[tuple[int, int], str]) -> str:
    # A cell of another season than its release is shown nowhere: it is as good as gone.
    found = [cell for cell in releases.cells_in(session, release.week) if cell.season == release.season]
    cells = {paths[cell.season, cell.team]: cell_of_row(cell) for cell in found if (cell.season, cell.team) in paths}
    return fingerprint(canonical(release.week, release.season, release.usage, cells))
