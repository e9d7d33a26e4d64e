"""When each person's digest comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, or_, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from storage.tables import Consent, Person, Preference

# A week, and room for a skipped week, a clock change and a move around the world.
FARTHEST = timedelta(days=16)
_DUE = (
    col(Preference.person_id),
    col(Person.tz),
    col(Preference.weekday),
    col(Preference.hour),
    col(Preference.next_due),
    col(Consent.granted_at),
)


def get(session: Session, person_id: str) -> Preference | None:
    return session.get(Preference, person_id)


def save(session: Session, preference: Preference) -> None:
    """Store the person's preference in place of an earlier one."""
    session.merge(preference)
    session.flush()


def among(session: Session, person_ids: Sequence[str]) -> dict[str, Preference]:
    """The preferences of these people, for a batch of digests."""
    rows = session.exec(select(Preference).where(col(Preference.person_id).in_(person_ids)))
    return {row.person_id: row for row in rows}


def due(session: Session, now: datetime, limit: int) -> Sequence[Row[str, str, int, int, datetime | None, datetime]]:
    """People whose digest is to be planned: (person_id, tz, weekday, hour, next_due, granted_at).

    A `next_due` of None means that the zone changed and the time has to be worked out anew; so it has when it is
    farther away than any, which only a clock that ran ahead can have written.
    """
    statement = (
        sa_select(*_DUE)
        .join(Person, col(Person.id) == col(Preference.person_id))
        .join(Consent, col(Consent.person_id) == col(Preference.person_id))
        .where(
            or_(
                col(Preference.next_due).is_(None),
                col(Preference.next_due) <= now,
                col(Preference.next_due) > now + FARTHEST,
            ),
            col(Person.active),
        )
        .order_by(col(Preference.next_due))
        .limit(limit)
    )
    return session.connection().execute(statement).all()


def advance(session: Session, times: Sequence[tuple[str, datetime]]) -> None:
    """Set the next time of many people: (person_id, next_due)."""
    if not times:
        return
    table = Preference.__table__  # type: ignore[attr-defined]
    statement = update(table).where(table.c.person_id == bindparam("who")).values(next_due=bindparam("then"))
    session.connection().execute(statement, [{"who": person_id, "then": then} for person_id, then in times])
