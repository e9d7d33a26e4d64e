"""Deleting what its time is up for."""

from datetime import UTC, date, datetime, time

from sqlalchemy import delete
from sqlmodel import Session, col

from storage import deletions
from storage.database import owe_scrub
from storage.tables import CheckIn, UsageDay


def delete_figures_before(session: Session, first_kept: date, now: datetime) -> int:
    """Delete usage days and check-ins from before `first_kept`, and have older messages and files deleted in Slack.

    Returns how many rows and items went. The bytes are left to `database.scrub`.
    """
    usage = session.exec(delete(UsageDay).where(col(UsageDay.day) < first_kept)).rowcount
    reported = session.exec(delete(CheckIn).where(col(CheckIn.week) < first_kept)).rowcount
    sent = deletions.queue_sent_before(session, datetime.combine(first_kept, time(0), UTC), now)
    if gone := usage + reported + sent:
        owe_scrub(session)
    return gone
