"""When each person's digest comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, func, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from storage import lists
from storage.tables import Consent, Person, Preference

# A week, and room for a skipped week, a clock change and a move around the world.
FARTHEST = timedelta(days=16)
_PEOPLE = (
    sa_select(
        col(Preference.person_id),
        col(Person.tz),
        col(Preference.weekday),
        col(Preference.hour),
        func.coalesce(col(Preference.next_due), col(Consent.granted_at)),
        col(Preference.next_due).is_(None),
    )
    .join(Person, col(Person.id) == col(Preference.person_id))
    .join(Consent, col(Consent.person_id) == col(Preference.person_id))
    .where(col(Person.active))
)
Due = Row[str, str, int, int, datetime, bool]


_BY_PERSON = select(Preference).where(col(Preference.person_id) == bindparam("person"))


def get(session: Session, person_id: str) -> Preference | None:
    return session.exec(_BY_PERSON, params={"person": person_id}).first()


def save(session: Session, preference: Preference) -> None:
    """Store the person's preference in place of an earlier one."""
    session.merge(preference)
    session.flush()


def among(session: Session, person_ids: Sequence[str]) -> dict[str, Preference]:
    """The preferences of these people, for a batch of digests."""
    rows = session.exec(select(Preference).where(col(Preference.person_id).in_(person_ids)))
    return {row.person_id: row for row in rows}


def due(session: Session, now: datetime, limit: int, *, lock: bool = True) -> list[Due]:
    """People whose digest is to be planned: (person_id, tz, weekday, hour, since, anew).

    `since` is the time that was due next. Where the zone has changed it has to be worked out `anew`, and `since` is
    when they opted in. A time farther away than any is due as well: only a clock that ran ahead can have written it.
    With `lock`, nobody else changes their preferences until the transaction ends, and whoever is being changed at this
    moment is left out.
    """
    next_due, found = col(Preference.next_due), list[Due]()
    # One range of the index after the other: for all three at once PostgreSQL would read everybody.
    for which in (next_due.is_(None), next_due <= now, next_due > now + FARTHEST):
        if len(found) < limit:
            statement = _PEOPLE.where(which).order_by(next_due).limit(limit - len(found))
            locked = statement.with_for_update(of=Preference, skip_locked=True) if lock else statement
            found += session.connection().execute(locked).all()
    return found


def advance(session: Session, times: Mapping[datetime, Sequence[str]]) -> None:
    """Set the next time of many people: their ids, by their `next_due`."""
    for next_due, person_ids in times.items():
        theirs = col(Preference.person_id).in_(lists.values(session, person_ids))
        session.connection().execute(update(Preference).where(theirs).values(next_due=next_due))


def wanted(session: Session, week: str) -> Sequence[Row[str, int, int, int]]:
    """How many people want a digest in the local ISO week `week` ("2026-W47"): (tz, weekday, hour, number)."""
    when = (col(Person.tz), col(Preference.weekday), col(Preference.hour))
    skipped = func.coalesce(col(Preference.skip_week), "") == week
    statement = (
        sa_select(*when, func.count())
        .select_from(Preference)
        .join(Person, col(Person.id) == col(Preference.person_id))
        .where(col(Person.active), col(Preference.paused).is_(False), ~skipped)
        .group_by(*when)
        .order_by(*when)
    )
    return session.connection().execute(statement).all()
