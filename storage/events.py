"""Events already handled."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.tables import SeenEvent

# Slack delivers an event again after 5 minutes at the latest; a day leaves room for a stopped clock.
KEPT = timedelta(days=1)
# Built once: every event of Slack's begins with it.
_ONCE = {
    "sqlite": sqlite.insert(SeenEvent).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(SeenEvent).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}


def first_sight(connection: Connection, event_id: str, now: datetime) -> bool:
    """Remember the event; False when it was seen before."""
    once = _ONCE[connection.dialect.name]
    return connection.execute(once, {"event_id": event_id, "seen_at": now}).rowcount == 1


def forget_old(session: Session, now: datetime) -> None:
    """Delete what Slack cannot deliver again."""
    session.exec(delete(SeenEvent).where(col(SeenEvent.seen_at) < now - KEPT))
