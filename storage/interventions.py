"""What an operator may do to one delivery. Each is one statement that names the state and the fence it was decided on:
a row that a worker has moved since stays as it is. The caller owns the transaction.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.deliveries import State, back
from storage.moves import move
from storage.tables import Delivery, Person

RETRIED = "retried by the operator"
ABANDONED = "abandoned by the operator"


def find(session: Session, delivery_id: str) -> tuple[Delivery, str] | None:
    """The delivery of that id, and the time zone of its person."""
    statement = select(Delivery, Person.tz).join(Person, col(Person.id) == col(Delivery.person_id))
    return session.exec(statement.where(Delivery.id == delivery_id)).first()


def send_anew(session: Session, seen: Delivery, now: datetime) -> bool:
    """A failed message that Slack surely does not have is owed again from now on, with all its tries."""
    values = {"state": State.READY.value, "reason": RETRIED, "not_before": now, "attempts": 0, "finished_at": None}
    return _move(session, seen, **values, **back(seen))


def look_up_anew(session: Session, seen: Delivery, look_up_at: datetime) -> bool:
    """A failed message that Slack may have is looked for again; it is sent only if it is not there."""
    values = {"state": State.UNKNOWN.value, "reason": RETRIED, "not_before": look_up_at, "attempts": 0}
    return _move(session, seen, **values, finished_at=None, **back(seen))


def hasten(session: Session, seen: Delivery, moment: datetime) -> bool:
    """A message that waits to be sent, or to be looked up, is due at `moment`."""
    # The fence stays: what a worker that reads the history right now finds out is still true.
    return _move(session, seen, not_before=moment)


def abandon(session: Session, seen: Delivery, now: datetime) -> bool:
    """A message that nobody is posting ends here. One that Slack may have is looked for once more, to know of it."""
    values = {"state": State.FAILED.value, "reason": ABANDONED, "finished_at": now}
    if seen.state == State.UNKNOWN:
        values["sweep_at"] = seen.not_before
    return _move(session, seen, **values, **back(seen))


def _move(session: Session, seen: Delivery, **values: Any) -> bool:
    return move(session, seen, [seen.state], **values)
