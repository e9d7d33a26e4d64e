"""Seasons: their teams as they stood, and who counts in them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Delete,
    FromClause,
    Row,
    Text,
    bindparam,
    cast,
    delete,
    exists,
    insert,
    literal,
    true,
    update,
)
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from storage import belonging, consents
from storage.database import owe_scrub
from storage.tables import CheckIn, Cohort, Consent, LedgerEntry, Person, Season, SeasonTeam, SummaryViewer, Team

COMPANY = 0
# Built once, and not through the ORM: every Home tab and digest begins with it.
_OUTLINE = sa_select(col(Season.number), col(Season.first_week), col(Season.viewers))
_NEWEST = _OUTLINE.order_by(col(Season.number).desc()).limit(1)


class Outline(NamedTuple):
    """A season, without when it was opened."""

    number: int
    first_week: date
    viewers: Sequence[str]


def newest(session: Session) -> Outline | None:
    """The newest season; None before the first has opened."""
    row = session.connection().execute(_NEWEST).first()
    return Outline(*row) if row else None


def by_number(session: Session, number: int) -> Season | None:
    return session.get(Season, number)


def teams(session: Session, season: int) -> Sequence[Row[Any]]:
    """The teams of a season, those above before those below: rows with the columns of `SeasonTeam`."""
    table = SeasonTeam.__table__  # type: ignore[attr-defined]
    statement = sa_select(table).where(table.c.season == season).order_by(table.c.number)
    return session.connection().execute(statement).all()


def team(session: Session, season: int, number: int) -> SeasonTeam | None:
    return session.get(SeasonTeam, (season, number))


def open_teams(session: Session) -> list[tuple[int, int | None, str]]:
    """Every team there is now, in no order: (id, id of the team above, path)."""
    rows = session.exec(select(Team.id, Team.parent_id, Team.path))
    return [(team_id, parent, path) for team_id, parent, path in rows if team_id is not None]


@dataclass(frozen=True)
class Counting:
    """Who counts: whose consent is to one of these versions (by hash), who checked in within these weeks, is in use,
    stands in a team, manages none, and is none of `without`."""

    season: int
    policy_hashes: Collection[str]
    since: date
    before: date
    without: Collection[str]


def count_in(session: Session, counting: Counting) -> None:
    """Write down who counts in the season; its teams are stored already.

    Until the transaction ends, nobody of them can leave: who does so at that moment waits, and is then found here.
    """
    reported = exists().where(
        col(CheckIn.person_id) == col(Person.id),
        col(CheckIn.week) >= counting.since,
        col(CheckIn.week) < counting.before,
    )
    chosen = (
        sa_select(col(Person.id), literal(counting.season), col(SeasonTeam.number))
        .join(Consent, col(Consent.person_id) == col(Person.id))
        .join(SeasonTeam, col(SeasonTeam.team_id) == col(Person.team_id))
        .where(
            col(SeasonTeam.season) == counting.season,
            col(Person.active),
            col(Person.is_manager).is_(False),
            col(Consent.in_summaries),
            col(Consent.policy_hash).in_(list(counting.policy_hashes)),
            col(Person.id).not_in(list(counting.without)),
            reported,
        )
        .with_for_update(read=True, of=Consent)
    )
    session.connection().execute(insert(Cohort).from_select(["person_id", "season", "team"], chosen))


def counted(session: Session, season: int) -> list[Row[int, str, int]]:
    """How many count in each team itself, by the version they agreed to: (team, hash of the version, people)."""
    statement = (
        sa_select(col(Cohort.team), col(Consent.policy_hash), func.count())
        .join(Consent, col(Consent.person_id) == col(Cohort.person_id))
        .where(col(Cohort.season) == season)
        .group_by(col(Cohort.team), col(Consent.policy_hash))
    )
    return list(session.connection().execute(statement))


def settle(session: Session, season: int, found: Iterable[Mapping[str, object]]) -> None:
    """Store what was worked out of each team: "number", "size", "smallest_group" and "planned"."""
    table = SeasonTeam.__table__  # type: ignore[attr-defined]
    row = update(table).where(table.c.season == season, table.c.number == bindparam("at"))
    rows = [{"at" if name == "number" else f"new_{name}": value for name, value in each.items()} for each in found]
    names = ("size", "smallest_group", "planned")
    session.connection().execute(row.values({name: bindparam(f"new_{name}") for name in names}), rows)


class Codes(NamedTuple):
    """The answers that are counted, by their codes."""

    saved: Sequence[str]
    rework: Sequence[str]
    helped: Sequence[str]


class Answers(NamedTuple):
    """How many people of one team count, how many of their newest check-ins are of the week itself, and how many gave
    which answer, by its code."""

    team: int
    people: int
    fresh: int
    saved: Mapping[str, int]
    rework: Mapping[str, int]
    helped: Mapping[str, int]


def newest_reports(session: Session, season: int, week: date, codes: Codes) -> Iterator[Answers]:
    """The newest check-ins up to this week of everybody who counts, team by team; who has none is left out.

    The database itself counts: nobody's check-in leaves it.
    """
    newest, theirs = _newest_up_to(session, week)
    gave = [newest.c.week == week]
    gave += [newest.c.saved == code for code in codes.saved]
    gave += [newest.c.rework == code for code in codes.rework]
    gave += [cast(newest.c.helped, Text).like(f'%"{code}"%') for code in codes.helped]
    statement = (
        sa_select(col(Cohort.team), func.count(), *(func.count().filter(each) for each in gave))
        .join_from(Cohort, newest, theirs)
        .where(col(Cohort.season) == season)
        .group_by(col(Cohort.team))
        .execution_options(yield_per=1000)
    )
    return (_answers(row, codes) for row in session.connection().execute(statement))


def _answers(row: Sequence[int], codes: Codes) -> Answers:
    team, people, fresh, *numbers = row
    rest = iter(numbers)
    saved, rework, helped = (dict(zip(each, islice(rest, len(each)), strict=True)) for each in codes)
    return Answers(team, people, fresh, saved, rework, helped)


def _newest_up_to(session: Session, week: date) -> tuple[FromClause, ColumnElement[bool]]:
    """The newest check-in of each person who counts, and how it is joined to them.

    Asked in its own way, each database finds it by the key, and takes no longer for more weeks.
    """
    table = CheckIn.__table__  # type: ignore[attr-defined]
    theirs = (table.c.person_id == col(Cohort.person_id)) & (table.c.week <= week)
    if session.get_bind().dialect.name == "postgresql":
        last = sa_select(table).where(theirs).order_by(table.c.week.desc()).limit(1)
        return last.correlate(Cohort).lateral("newest"), true()
    newest = table.alias("newest")
    last_week = sa_select(func.max(table.c.week)).where(theirs).correlate(Cohort).scalar_subquery()
    return newest, (newest.c.person_id == col(Cohort.person_id)) & (newest.c.week == last_week)


def size(session: Session, season: int) -> int:
    """How many people count in a season."""
    counted: int = session.exec(select(func.count()).select_from(Cohort).where(Cohort.season == season)).one()
    return counted


def forget_without_reports(session: Session, season: int, week: date) -> int:
    """Whoever counts and of whom no check-in up to this week is left does not count any more; returns how many these
    are."""
    left = exists().where(col(CheckIn.person_id) == col(Cohort.person_id), col(CheckIn.week) <= week)
    without = (col(Cohort.season) == season) & ~left
    viewers = sa_select(col(SummaryViewer.viewer)).join(Cohort, col(Cohort.person_id) == col(SummaryViewer.viewer))
    for viewer in session.connection().scalars(viewers.where(without)).all():
        belonging.end_viewing(session, viewer)
    return _gone(session, delete(Cohort).where(without))


def leave(session: Session, person_id: str) -> None:
    """The person counts in no summary any more, of no season."""
    belonging.end_viewing(session, person_id)
    # A season that is being opened holds the consents of those who will count in it.
    consents.hold(session, person_id)
    _gone(session, delete(Cohort).where(col(Cohort.person_id) == person_id))


def forget_cohorts(session: Session, newest: date) -> int:
    """Forget who counted in the seasons whose first week is this one or an earlier one, unless the ledger still has
    entries about them; returns how many rows there were."""
    told = exists().where(col(LedgerEntry.season) == col(Season.number))
    over = sa_select(col(Season.number)).where(col(Season.first_week) <= newest, ~told)
    return _gone(session, delete(Cohort).where(col(Cohort.season).in_(over)))


def _gone(session: Session, statement: Delete) -> int:
    result: CursorResult[Any] = session.connection().execute(statement)
    if result.rowcount:
        owe_scrub(session)
    return result.rowcount


def place_of(session: Session, person_id: str, season: int) -> int | None:
    """The number of the team in which the person counts in this season; None: they do not."""
    row = session.get(Cohort, (person_id, season))
    return row.team if row else None
