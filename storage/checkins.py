"""Check-ins: what a person reports for one week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam
from sqlalchemy import select as sa_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select

from storage.tables import CheckIn, Consent, Person


@dataclass(frozen=True)
class Report:
    """A check-in on its way in; the names are those of the columns."""

    person_id: str
    week: date
    saved: str
    rework: str
    helped: list[str]
    note: str | None
    reported_at: datetime


def get(session: Session, person_id: str, week: date) -> CheckIn | None:
    return session.get(CheckIn, (person_id, week))


_REPORTED = sa_select(col(CheckIn.week)).where(
    col(CheckIn.person_id) == bindparam("person"), col(CheckIn.week) == bindparam("week")
)


def is_reported(session: Session, person_id: str, week: date) -> bool:
    """Whether this person has reported this week."""
    return session.connection().execute(_REPORTED, {"person": person_id, "week": week}).first() is not None


# Built once, and not through the ORM: a person waits for the answer.
_REPORTER = (
    sa_select(col(Person.tz))
    .join(Consent, col(Consent.person_id) == col(Person.id))
    .where(col(Person.id) == bindparam("person"), col(Person.active))
    .with_for_update(read=True, of=Consent)
)


def zone_of_reporter(connection: Connection, person_id: str) -> str | None:
    """The time zone of somebody who may report: active, and opted in until this transaction ends. None: may not."""
    return connection.execute(_REPORTER, {"person": person_id}).scalar()


def _save(insert: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    new = {name: insert.excluded[name] for name in ("saved", "rework", "helped", "note", "reported_at")}
    return insert.on_conflict_do_update(index_elements=["person_id", "week"], set_=new)


_SAVE = {"sqlite": _save(sqlite.insert(CheckIn)), "postgresql": _save(postgresql.insert(CheckIn))}


def save(connection: Connection, report: Report) -> None:
    """Store the check-in in place of an earlier one for the same week."""
    connection.execute(_SAVE[connection.dialect.name], vars(report))


def newest(session: Session, person_ids: Sequence[str]) -> dict[str, date]:
    """The newest week each of these people reported; nobody who never did."""
    statement = select(CheckIn.person_id, func.max(CheckIn.week)).where(col(CheckIn.person_id).in_(person_ids))
    return dict(session.exec(statement.group_by(CheckIn.person_id)).all())
