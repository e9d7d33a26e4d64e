"""Releases: what was published of each week, and who may see which team's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, text
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from storage.tables import Person, Release, ReleaseCell, SeasonTeam, SummaryViewer


def get(session: Session, week: date) -> Release | None:
    return session.get(Release, week)


def newest(session: Session) -> Release | None:
    """The newest release; None before the first."""
    return session.exec(select(Release).order_by(col(Release.week).desc()).limit(1)).first()


def of_season(session: Session, season: int) -> Sequence[Release]:
    """The releases of a season, oldest first."""
    return session.exec(select(Release).where(Release.season == season).order_by(col(Release.week))).all()


def cells_of(session: Session, season: int, team: int) -> dict[date, ReleaseCell]:
    """What was published of one team in a season, by week; weeks in which nothing was shown are not among them."""
    statement = select(ReleaseCell).where(ReleaseCell.season == season, ReleaseCell.team == team)
    return {cell.week: cell for cell in session.exec(statement.order_by(col(ReleaseCell.week)))}


def cells_in(session: Session, week: date) -> Sequence[ReleaseCell]:
    """All that was published of one week, by team."""
    return session.exec(select(ReleaseCell).where(ReleaseCell.week == week).order_by(col(ReleaseCell.team))).all()


def store(session: Session, release: Release, cells: Sequence[Mapping[str, object]]) -> None:
    """Add a release with its cells; raises `IntegrityError` where that week is released already."""
    session.add(release)
    session.flush()
    if cells:
        session.connection().execute(insert(ReleaseCell), cells)


@dataclass(frozen=True)
class Viewing:
    """Who manages which team of the season (its number)."""

    viewer: str
    team: int


def managers(session: Session, season: int) -> list[Viewing]:
    """Everybody in use who manages a team of the season now."""
    statement = (
        sa_select(col(Person.id), col(SeasonTeam.number))
        .join(SeasonTeam, col(SeasonTeam.team_id) == col(Person.team_id))
        .where(col(SeasonTeam.season) == season, col(Person.is_manager), col(Person.active))
    )
    return [Viewing(*row) for row in session.connection().execute(statement)]


def replace_viewers(session: Session, season: int, now: Sequence[Viewing], week: date) -> list[str]:
    """Put these in the place of the viewers before; returns those who lost a team.

    Whoever manages the same team as before sees what they saw before; everybody else sees what is published from
    `week` on. A new season begins anew for everybody.
    """
    before = {(row.viewer, row.season, row.team): row.since for row in session.exec(select(SummaryViewer))}
    after = {(each.viewer, season, each.team): before.get((each.viewer, season, each.team), week) for each in now}
    session.connection().execute(delete(SummaryViewer))
    if after:
        rows = [
            dict(zip(("viewer", "season", "team", "since"), (*key, since), strict=True)) for key, since in after.items()
        ]
        session.connection().execute(insert(SummaryViewer), rows)
    held = {(viewer, team) for viewer, of, team in after if of == season}
    return sorted({viewer for viewer, of, team in before if of == season and (viewer, team) not in held})


def viewing(session: Session, viewer: str) -> SummaryViewer | None:
    """The team whose summary this person was to see when the newest release was made; None for everybody else."""
    return session.get(SummaryViewer, viewer)


def hold(session: Session) -> None:
    """Until the transaction ends, nobody else makes a release; reading goes on. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("LOCK TABLE release IN SHARE ROW EXCLUSIVE MODE"))
