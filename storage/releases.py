"""Releases: what was published of each week, and who may see which team's."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Row, delete, insert, text
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


def every(session: Session) -> Sequence[Release]:
    """All releases, oldest first."""
    return session.exec(select(Release).order_by(col(Release.week))).all()


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


class Viewing(NamedTuple):
    """Who manages which team: its number in the season, and its id; None: that team has gone."""

    viewer: str
    team: int
    team_id: int | None


def managers(session: Session, season: int) -> list[Viewing]:
    """Everybody in use who manages a team of the season now."""
    statement = (
        sa_select(col(Person.id), col(SeasonTeam.number), col(SeasonTeam.team_id))
        .join(SeasonTeam, col(SeasonTeam.team_id) == col(Person.team_id))
        .where(col(SeasonTeam.season) == season, col(Person.is_manager), col(Person.active))
    )
    return [Viewing(*row) for row in session.connection().execute(statement)]


def replace_viewers(session: Session, season: int, now: Sequence[Viewing], week: date) -> list[str]:
    """Put these in the place of the viewers before; returns those who lost a team, also where the season is a new one.

    Whoever manages the same team as before sees what they saw before; everybody else sees what is published from
    `week` on. A new season begins anew for everybody.
    """
    before = _viewers(session)
    since = {(row.viewer, row.season, row.team): row.since for row in before}
    session.connection().execute(delete(SummaryViewer))
    if now:
        rows = [
            {"viewer": each.viewer, "season": season, "team": each.team, "since": since.get(key, week)}
            for each in now
            for key in [(each.viewer, season, each.team)]
        ]
        session.connection().execute(insert(SummaryViewer), rows)
    held = {(each.viewer, each.team_id) for each in now}
    return sorted(row.viewer for row in before if row.team_id is None or (row.viewer, row.team_id) not in held)


def _viewers(session: Session) -> Sequence[Row[str, int, int, date, int | None]]:
    """The viewers as they stand, with the id that their team has now; None: it has gone."""
    statement = sa_select(
        col(SummaryViewer.viewer),
        col(SummaryViewer.season),
        col(SummaryViewer.team),
        col(SummaryViewer.since),
        col(SeasonTeam.team_id),
    ).join(
        SeasonTeam,
        (col(SeasonTeam.season) == col(SummaryViewer.season)) & (col(SeasonTeam.number) == col(SummaryViewer.team)),
    )
    return session.connection().execute(statement).all()


def viewing(session: Session, viewer: str) -> SummaryViewer | None:
    """The team whose summary this person was to see when the newest release was made; None for everybody else."""
    return session.get(SummaryViewer, viewer)


def hold(session: Session) -> None:
    """Until the transaction ends, nobody else makes a release; reading goes on. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("LOCK TABLE release IN SHARE ROW EXCLUSIVE MODE"))
