"""Deleting what its time is up for."""

from datetime import date

from sqlalchemy import delete
from sqlmodel import Session, col

from storage.tables import CheckIn, UsageDay


def delete_figures_before(session: Session, first_kept: date) -> int:
    """Delete usage days and check-ins from before `first_kept`; returns how many rows went."""
    usage = session.exec(delete(UsageDay).where(col(UsageDay.day) < first_kept)).rowcount
    reported = session.exec(delete(CheckIn).where(col(CheckIn.week) < first_kept)).rowcount
    return usage + reported
