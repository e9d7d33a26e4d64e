"""Messages and files that Slack still has to delete after an opt-out."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import SentItem, SlackDeletion


def note_sent(session: Session, person_id: str, kind: str, channel: str | None, ref: str, now: datetime) -> None:
    """Remember a message ("message", its ts) or file ("file", its id) that holds the person's figures."""
    session.add(SentItem(person_id=person_id, kind=kind, channel=channel, ref=ref, sent_at=now))
    session.flush()


def due(session: Session, now: datetime, limit: int) -> Sequence[SlackDeletion]:
    """Deletions to try now, oldest first."""
    statement = select(SlackDeletion).where(col(SlackDeletion.not_before) <= now)
    return session.exec(statement.order_by(col(SlackDeletion.id)).limit(limit)).all()


def done(session: Session, deletion: SlackDeletion) -> None:
    """Slack has deleted it, or no longer had it."""
    found = session.get(SlackDeletion, deletion.id)
    if found is not None:
        session.delete(found)


def postpone(session: Session, deletion: SlackDeletion, until: datetime) -> None:
    """Slack could not be asked: try again from `until` on."""
    found = session.get(SlackDeletion, deletion.id)
    if found is not None:
        found.not_before = until
        found.attempts += 1
