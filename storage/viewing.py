"""Who may open which summary, as the rows say it, and who is still to be told that one is there."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, update
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.deliveries import SUMMARY
from storage.seasons import COMPANY
from storage.tables import Cohort, Delivery, Person, Release, ReleaseCell, Season, SeasonTeam, SummaryViewer

_Below = aliased(SeasonTeam)
_HAS_TEAMS_BELOW = exists().where(
    col(_Below.season) == col(SeasonTeam.season), col(_Below.parent) == col(SeasonTeam.number)
)
_MANAGES_IT = (
    (col(Person.id) == col(SummaryViewer.viewer))
    & col(Person.active)
    & col(Person.is_manager)
    & (col(Person.team_id) == col(SeasonTeam.team_id))
)
_THE_TEAM = (col(SeasonTeam.season) == col(SummaryViewer.season)) & (col(SeasonTeam.number) == col(SummaryViewer.team))

# Built once: every Home tab asks it.
_COUNTS = (col(Cohort.person_id) == col(SummaryViewer.viewer)) & (col(Cohort.season) == col(SummaryViewer.season))
_IN_OFFICE = (
    sa_select(col(SummaryViewer.viewer), col(Season.viewers), _HAS_TEAMS_BELOW)
    .join(SeasonTeam, _THE_TEAM)
    .join(Season, col(Season.number) == col(SummaryViewer.season))
    .join(Person, _MANAGES_IT)
)
_OFFICE = (
    sa_select(
        col(SummaryViewer.season),
        col(SummaryViewer.team),
        col(SeasonTeam.path),
        col(SummaryViewer.since),
        col(Season.viewers),
        _HAS_TEAMS_BELOW,
        col(Cohort.team),
    )
    .join(SeasonTeam, _THE_TEAM)
    .join(Season, col(Season.number) == col(SummaryViewer.season))
    .join(Person, _MANAGES_IT)
    .outerjoin(Cohort, _COUNTS)
    .where(col(SummaryViewer.viewer) == bindparam("viewer"))
)


class Office(NamedTuple):
    """The team that somebody manages now, and managed when the newest release was made.

    `since` is the first week of theirs; `viewers` are those of the season; `leads`: whether there are teams below it;
    `counted_in`: the number of the team in which they count themselves, None where they do not.
    """

    season: int
    team: int
    path: str
    since: date
    viewers: Sequence[str]
    leads: bool
    counted_in: int | None


class InOffice(NamedTuple):
    """Somebody who has an `Office`."""

    viewer: str
    viewers: Sequence[str]
    leads: bool


def hold(session: Session, person_id: str) -> None:
    """Until the transaction ends, nobody moves this person, and no other look of theirs goes on: who takes a team away
    waits, or is waited for."""
    statement = sa_select(col(Person.id)).where(col(Person.id) == person_id)
    session.connection().execute(statement.with_for_update(key_share=True))


def office(session: Session, person_id: str) -> Office | None:
    """The team whose summary is this person's to open, as far as the rows say; None for everybody else."""
    row = session.connection().execute(_OFFICE, {"viewer": person_id}).first()
    return Office(*row) if row else None


def in_office(session: Session) -> Iterator[InOffice]:
    """Everybody who has an `office`."""
    return (InOffice(*row) for row in session.connection().execute(_IN_OFFICE))


def newest_season(session: Session) -> Season | None:
    """The season of the newest release; None before the first."""
    newest = sa_select(col(Release.season)).order_by(col(Release.week).desc()).limit(1).scalar_subquery()
    return session.scalars(sa_select(Season).where(col(Season.number) == newest)).first()


class Upper(NamedTuple):
    """The whole company (0), or a team with teams below it."""

    number: int
    path: str


def upper_teams(session: Session, season: int) -> list[Upper]:
    """The whole company, and the season's teams that have teams below them, those above first; without those in which
    all who count are of one single team."""
    statement = sa_select(col(SeasonTeam.number), col(SeasonTeam.path)).where(*_upper(season))
    rows = session.connection().execute(statement.order_by(col(SeasonTeam.number)))
    return [Upper(*row) for row in rows]


def upper_path(session: Session, season: int, number: int) -> str | None:
    """The path of one of `upper_teams`, "" of the whole company; None: it is none of them."""
    statement = sa_select(col(SeasonTeam.path)).where(*_upper(season), col(SeasonTeam.number) == number)
    return session.connection().execute(statement).scalars().first()


def _upper(season: int) -> tuple[ColumnElement[bool], ...]:
    above = (col(SeasonTeam.number) == COMPANY) | _HAS_TEAMS_BELOW
    return col(SeasonTeam.season) == season, above, col(SeasonTeam.number).not_in(_all_of_one_team(season))


def _all_of_one_team(season: int) -> Select[int]:
    """The teams without teams below, and those above in which as many people count: they are the same people."""
    table = SeasonTeam.__table__  # type: ignore[attr-defined]
    one = sa_select(table.c.number, table.c.parent, table.c.size)
    up = one.where(table.c.season == season, table.c.size > 0, ~_HAS_TEAMS_BELOW).cte("up", recursive=True)
    same = (table.c.season == season) & (table.c.number == up.c.parent) & (table.c.size == up.c.size)
    up = up.union_all(one.join(up, same))
    return sa_select(up.c.number)


class ToTell(NamedTuple):
    """Somebody who is to be told that the summary of their team is there."""

    person_id: str
    tz: str


def to_be_told(session: Session, release: Release, key: str) -> list[ToTell]:
    """Whoever manages a team that is shown in this release and wants to be told of it, and of whom no message with this
    key (an ISO week) was ever planned."""
    planned = exists().where(
        col(Delivery.person_id) == col(Person.id), col(Delivery.kind) == SUMMARY, col(Delivery.week) == key
    )
    shown = (col(ReleaseCell.week) == release.week) & (col(ReleaseCell.team) == col(SummaryViewer.team))
    statement = (
        sa_select(col(Person.id), col(Person.tz))
        .select_from(SummaryViewer)
        .join(SeasonTeam, _THE_TEAM)
        .join(Person, _MANAGES_IT)
        .join(ReleaseCell, shown)
        .where(col(SummaryViewer.season) == release.season, col(Person.summary_messages), ~planned)
        .order_by(col(Person.id))
    )
    return [ToTell(*row) for row in session.connection().execute(statement)]


def is_shown(session: Session, week: date, team: int) -> bool:
    """Whether anything was published of this team in that week."""
    return session.get(ReleaseCell, (week, team)) is not None


def choose_messages(session: Session, person_id: str, wanted: bool) -> None:
    """Keep whether the person wants the weekly message that a summary is there."""
    session.connection().execute(update(Person).where(col(Person.id) == person_id).values(summary_messages=wanted))
