"""How many rows are held about one person, and of when the oldest is: no figure in them is read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from storage.tables import CheckIn, SentItem, UsageDay


@dataclass(frozen=True)
class Holding:
    """Rows of one kind: `kind` is the retention term's, "usage", "check_ins" or "messages"; at least one row."""

    kind: str
    rows: int
    oldest: date


def of(session: Session, person_id: str) -> list[Holding]:
    """What is held about the person and deleted when its time is up; kinds of which there is nothing are left out."""
    when = {"usage": UsageDay.day, "check_ins": CheckIn.week, "messages": SentItem.sent_at}
    found = [_of_kind(session, kind, column, person_id) for kind, column in when.items()]
    return [holding for holding in found if holding is not None]


def _of_kind(session: Session, kind: str, column: Any, person_id: str) -> Holding | None:
    statement = select(func.count(), func.min(col(column))).where(column.class_.person_id == person_id)
    rows, oldest = session.exec(statement).one()
    if not rows:
        return None
    return Holding(kind, rows, oldest.date() if isinstance(oldest, datetime) else oldest)
