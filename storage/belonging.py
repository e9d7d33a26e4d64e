"""Who counts in which team summaries, and wants to: read for many people at once."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, exists, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from storage import releases
from storage.tables import Cohort, Consent, Person, ReleaseCell, SeasonTeam, SummaryViewer

# Built once: every Home tab and digest asks it.
_STANDS = (
    sa_select(col(Consent.person_id), col(Consent.in_summaries), col(Cohort.team))
    .join_from(
        Consent,
        Cohort,
        and_(col(Cohort.person_id) == col(Consent.person_id), col(Cohort.season) == bindparam("season")),
        isouter=True,
    )
    .where(col(Consent.person_id).in_(bindparam("people", expanding=True)))
)


class Stand(NamedTuple):
    """Whether somebody who opted in wants to count, and the number of the team they count in; None: they do not."""

    wants: bool
    team: int | None


class Node(NamedTuple):
    """A team of a season; `shown`: whether any week of it was published in that season; `size`: how many people counted
    in it when it began; `leads`: whether there are teams below it."""

    number: int
    path: str
    shown: bool
    size: int
    leads: bool


def stands(session: Session, season: int | None, person_ids: Sequence[str]) -> dict[str, Stand]:
    """Where those of these people who opted in stand with a season; None: before any has opened."""
    asked = {"season": season or 0, "people": list(person_ids)}
    return {person_id: Stand(wants, team) for person_id, wants, team in session.connection().execute(_STANDS, asked)}


def upwards(session: Session, season: int, teams: Collection[int]) -> dict[int, list[Node]]:
    """Of each of these teams: itself and all above it, the whole company last."""
    if not teams:
        return {}
    table = SeasonTeam.__table__  # type: ignore[attr-defined]
    first = sa_select(table.c.number.label("start"), table.c.number, table.c.parent, table.c.path, table.c.size)
    up = first.where(table.c.season == season, table.c.number.in_(teams)).cte("up", recursive=True)
    above = sa_select(up.c.start, table.c.number, table.c.parent, table.c.path, table.c.size)
    up = up.union_all(above.where(table.c.season == season, table.c.number == up.c.parent))
    shown = exists().where(col(ReleaseCell.season) == season, col(ReleaseCell.team) == up.c.number)
    leads = exists().where(table.c.season == season, table.c.parent == up.c.number)
    # Those above have the smaller numbers.
    statement = sa_select(up.c.start, up.c.number, up.c.path, shown, up.c.size, leads)
    found: dict[int, list[Node]] = {}
    for start, number, path, is_shown, size, has_below in session.connection().execute(
        statement.order_by(up.c.start, up.c.number.desc())
    ):
        found.setdefault(start, []).append(Node(number, path, bool(is_shown), size, bool(has_below)))
    return found


def counted_in(session: Session, person_id: str) -> dict[int, int]:
    """The team in which the person counts, by season: of all seasons that are kept."""
    statement = sa_select(col(Cohort.season), col(Cohort.team)).where(col(Cohort.person_id) == person_id)
    return {row.season: row.team for row in session.connection().execute(statement)}


def end_viewing(session: Session, person_id: str) -> None:
    """Whoever leaves a summary that is theirs to open as well sees nothing any more of the weeks that hold what they
    reported: it is theirs again from the next release on.

    To be called before anything else in the transaction in which they leave: a release locks in that order, too.
    """
    if not counted_in(session, person_id) or not _may_view(session, person_id):
        return
    # One that is being made may hold what they reported, and make them a viewer of it.
    releases.hold(session)
    viewer = releases.viewing(session, person_id)
    own = counted_in(session, person_id).get(viewer.season) if viewer else None
    if viewer is None or own is None:
        return
    if any(node.number == viewer.team for node in upwards(session, viewer.season, [own])[own]):
        session.delete(viewer)
        session.flush()


def _may_view(session: Session, person_id: str) -> bool:
    manages = sa_select(col(Person.id)).where(col(Person.id) == person_id, col(Person.is_manager))
    views = sa_select(col(SummaryViewer.viewer)).where(col(SummaryViewer.viewer) == person_id)
    return session.connection().execute(manages.union(views)).first() is not None


def set_wanted(session: Session, person_id: str, wanted: bool) -> None:
    """Whether the person wants to count in the seasons that open from now on."""
    mine = update(Consent).where(col(Consent.person_id) == person_id)
    session.connection().execute(mine.values(in_summaries=wanted))
