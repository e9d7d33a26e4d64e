"""Whoever lost a team keeps nothing of its summary: messages they opened and files they took are deleted in Slack."""

from collections.abc import Collection
from datetime import datetime

from storage import deletions
from storage.database import Session


def forget_messages(session: Session, viewers: Collection[str], now: datetime) -> int:
    """Queue the deletion of every opened summary of these people (Slack ids), messages and files; returns how many
    these are.

    In the transaction in which they lose their team; Slack is asked by the ticks that follow.
    """
    return len(deletions.queue_kinds_of(session, viewers, deletions.OF_SUMMARIES, now)) if viewers else 0
