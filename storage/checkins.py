"""Check-ins: what a person reports for one week."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, func, select

from storage.tables import CheckIn


def get(session: Session, person_id: str, week: date) -> CheckIn | None:
    return session.get(CheckIn, (person_id, week))


def save(session: Session, check_in: CheckIn) -> None:
    """Store the check-in in place of an earlier one for the same week."""
    session.merge(check_in)
    session.flush()


def since(session: Session, person_ids: Sequence[str], first: date, last: date) -> Sequence[CheckIn]:
    """The check-ins of these people for the weeks from `first` to `last`, in order."""
    statement = (
        select(CheckIn)
        .where(col(CheckIn.person_id).in_(person_ids), col(CheckIn.week).between(first, last))
        .order_by(col(CheckIn.person_id), col(CheckIn.week))
    )
    return session.exec(statement).all()


def newest(session: Session, person_ids: Sequence[str]) -> dict[str, date]:
    """The newest week each of these people reported; nobody who never did."""
    statement = select(CheckIn.person_id, func.max(CheckIn.week)).where(col(CheckIn.person_id).in_(person_ids))
    return dict(session.exec(statement.group_by(CheckIn.person_id)).all())
