"""Questions for HR, and whether passages helped: texts and counts that name nobody."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from storage import lists
from storage.database import owe_scrub
from storage.tables import Base, OpenQuestion, SectionFeedback

Insert = sqlite.Insert | postgresql.Insert


def add(session: Session, question_id: str, text: str, week: date) -> None:
    """Keep a question under a random id; one that is there already stays as it is. `week` is a Monday."""
    row = _insert(session, OpenQuestion).values(id=question_id, week=week, text=text)
    session.connection().execute(row.on_conflict_do_nothing())


def of_weeks_before(session: Session, week: date) -> Sequence[OpenQuestion]:
    """The questions of all weeks before the one that began on `week`, in the order of their random ids."""
    earlier = select(OpenQuestion).where(col(OpenQuestion.week) < week)
    return session.exec(earlier.order_by(col(OpenQuestion.id))).all()


def forget(session: Session, question_ids: Collection[str]) -> None:
    """Delete these questions; the bytes are left to `database.scrub`."""
    theirs = col(OpenQuestion.id).in_(lists.values(session, list(question_ids)))
    if session.connection().execute(delete(OpenQuestion).where(theirs)).rowcount:
        owe_scrub(session)


def count(session: Session, policy_hash: str, heading: str, helpful: bool) -> None:
    """Count one more answer to whether the passage under this heading helped."""
    key = {"policy_hash": policy_hash, "heading": heading, "helpful": helpful}
    row = _insert(session, SectionFeedback).values(**key, count=1)
    more = {"count": col(SectionFeedback.count) + 1}
    session.connection().execute(row.on_conflict_do_update(index_elements=list(key), set_=more))


def counts(session: Session, policy_hash: str, fewest: int) -> dict[str, tuple[int, int]]:
    """(helped, did not help) by heading, of those headings for which at least `fewest` answers came in all."""
    found: dict[str, tuple[int, int]] = {}
    for row in session.exec(select(SectionFeedback).where(SectionFeedback.policy_hash == policy_hash)):
        helped, not_helped = found.get(row.heading, (0, 0))
        more = (row.count, 0) if row.helpful else (0, row.count)
        found[row.heading] = (helped + more[0], not_helped + more[1])
    return {heading: both for heading, both in found.items() if sum(both) >= fewest}


def _insert(session: Session, table: type[Base]) -> Insert:
    sqlite_it = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if sqlite_it else postgresql.insert(table)
