"""Events already handled."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from storage.tables import SeenEvent

# Slack delivers an event again after 5 minutes at the latest; a day leaves room for a stopped clock.
KEPT = timedelta(days=1)


def first_sight(session: Session, event_id: str, now: datetime) -> bool:
    """Remember the event; False when it was seen before."""
    try:
        with session.begin_nested():
            session.connection().execute(insert(SeenEvent).values(event_id=event_id, seen_at=now))
    except IntegrityError:
        return False
    return True


def forget_old(session: Session, now: datetime) -> None:
    """Delete what Slack cannot deliver again."""
    session.exec(delete(SeenEvent).where(col(SeenEvent.seen_at) < now - KEPT))
