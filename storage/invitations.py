"""Who is still to be invited to a wave, or reminded of it, and who wants to be. Nothing here knows who has answered.

`kind` is `deliveries.INVITATION` or `deliveries.REMINDER`; waves are named by their number.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, update

from storage import lists
from storage.deliveries import INVITATION, REMINDER, State
from storage.tables import Delivery, Person

_TO_COME = (State.READY.value, State.CLAIMED.value, State.SENDING.value, State.UNKNOWN.value)


def zones(session: Session, kind: str, wave: int) -> Sequence[str]:
    """The zones of those whose message of this kind has not been planned."""
    statement = sa_select(col(Person.tz)).where(*_to_be_told(kind, wave)).distinct()
    return session.connection().scalars(statement).all()


def next_people(session: Session, kind: str, wave: int, tz: str, limit: int) -> Sequence[str]:
    """Ids of such people in one zone. Until the transaction ends they are nobody else's to plan; whoever is being
    changed at this moment is left out."""
    statement = sa_select(col(Person.id)).where(*_to_be_told(kind, wave), col(Person.tz) == tz).limit(limit)
    return session.connection().scalars(statement.with_for_update(key_share=True, skip_locked=True)).all()


def _to_be_told(kind: str, wave: int) -> list[ColumnElement[bool]]:
    wanted = (col(Person.active).is_(True), col(Person.invitations).is_(True))
    if kind == REMINDER:
        return [*wanted, col(Person.reminded) < wave, col(Person.invited) >= wave]
    return [*wanted, col(Person.invited) < wave]


def planned(session: Session, kinds: Sequence[str], wave: int, person_ids: Sequence[str]) -> None:
    """Remember that nothing of these kinds is still to be planned for these people."""
    columns = {INVITATION: Person.invited, REMINDER: Person.reminded}
    theirs = col(Person.id).in_(lists.values(session, person_ids))
    session.connection().execute(update(Person).where(theirs).values({columns[kind]: wave for kind in kinds}))


def planned_for_all(session: Session, wave: int) -> None:
    """Nobody is invited to this wave or an earlier one any more, nor reminded of it."""
    for column in (Person.invited, Person.reminded):
        session.connection().execute(update(Person).where(col(column) < wave).values({column: wave}))


def fresh(session: Session, week: str, person_ids: Sequence[str], since: datetime) -> frozenset[str]:
    """Those of these people whose invitation with the key of `week` is still to come, or came at `since` or later."""
    row = Delivery.__table__.c  # type: ignore[attr-defined]
    came = (row.state == State.SENT.value) & (row.finished_at >= since)
    statement = sa_select(row.person_id).where(
        row.person_id.in_(lists.values(session, person_ids)),
        row.kind == INVITATION,
        row.week == week,
        or_(row.state.in_(_TO_COME), came),
    )
    return frozenset(session.connection().scalars(statement))


def choose(session: Session, person_id: str, wanted: bool) -> None:
    """Keep whether the person wants invitations and reminders."""
    session.exec(update(Person).where(col(Person.id) == person_id).values(invitations=wanted))
