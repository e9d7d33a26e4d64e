"""Questions for HR, and whether passages helped: texts and counts that name nobody."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete
from sqlalchemy import text as text_of
from sqlmodel import Session, col, select

from storage import lists
from storage.database import owe_scrub
from storage.inserting import insert
from storage.tables import Base, OpenQuestion, SectionFeedback

_COLUMNS = Base.metadata.tables["open_question"].columns


def add(session: Session, question_id: str, text: str, week: date) -> None:
    """Keep a question under its text's fingerprint; one that is there already stays as it is. `week` is a Monday."""
    row = insert(session, OpenQuestion).values(id=question_id, week=week, text=text)
    session.connection().execute(row.on_conflict_do_nothing())
    if session.get_bind().dialect.name == "postgresql":
        _write_anew(session)


def _write_anew(session: Session) -> None:
    """Write all rows as one transaction's, in the order of their fingerprints.

    PostgreSQL numbers each row's transaction and place, by which a copy of the table would tell when and after whom a
    question came. SQLite keeps the rows by their key alone.
    """
    connection = session.connection()
    connection.execute(text_of("LOCK TABLE open_question IN SHARE ROW EXCLUSIVE MODE"))
    rows = [dict(row) for row in connection.execute(select(*_COLUMNS).order_by(col(OpenQuestion.id))).mappings()]
    connection.execute(delete(OpenQuestion))
    if rows:
        connection.execute(insert(session, OpenQuestion), rows)


def of_weeks_before(session: Session, week: date) -> Sequence[OpenQuestion]:
    """The questions of all weeks before the one that began on `week`, in the order of their fingerprints."""
    earlier = select(OpenQuestion).where(col(OpenQuestion.week) < week)
    return session.exec(earlier.order_by(col(OpenQuestion.id))).all()


def hold_unreleased(session: Session, week: date) -> Sequence[OpenQuestion]:
    """Those of weeks before `week` that HR cannot see yet; nobody else changes or deletes them until the transaction
    ends."""
    waiting = select(OpenQuestion).where(col(OpenQuestion.week) < week, col(OpenQuestion.released).is_(None))
    return session.exec(waiting.order_by(col(OpenQuestion.id)).with_for_update()).all()


def released(session: Session, week: date) -> Sequence[OpenQuestion]:
    """The questions that HR could see in the week that began on `week`, or before."""
    return session.exec(select(OpenQuestion).where(col(OpenQuestion.released) <= week)).all()


def any_unreleased(session: Session, week: date, fewest: int) -> bool:
    """Whether there are at least `fewest` of weeks before `week` that HR cannot see yet."""
    waiting = select(OpenQuestion.id).where(col(OpenQuestion.week) < week, col(OpenQuestion.released).is_(None))
    return len(session.exec(waiting.limit(fewest)).all()) == fewest


def forget(session: Session, question_ids: Collection[str]) -> None:
    """Delete these questions; the bytes are left to `database.scrub`."""
    theirs = col(OpenQuestion.id).in_(lists.values(session, list(question_ids)))
    if session.connection().execute(delete(OpenQuestion).where(theirs)).rowcount:
        owe_scrub(session)


def count(session: Session, policy_hash: str, heading: str, helpful: bool) -> None:
    """Count one more answer to whether the passage under this heading helped."""
    key = {"policy_hash": policy_hash, "heading": heading, "helpful": helpful}
    row = insert(session, SectionFeedback).values(**key, count=1)
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
