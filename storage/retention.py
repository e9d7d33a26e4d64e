"""Deleting what people's terms no longer let us keep. The bytes are left to `database.scrub`, which is owed here."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CursorResult, Delete, Update, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from storage import deletions, usage
from storage.database import owe_scrub
from storage.tables import Base, CheckIn, Consent, OpenQuestion, Person, SentItem, UsageDay

_DAY = Base.metadata.tables["usage_day"]
_KEY = {"person_id", "tool", "surface", "day", "import_id"}
FIELDS = frozenset(column.name for column in _DAY.columns) - _KEY


class Holders(NamedTuple):
    """The people whose consent is to the version with this hash; None: those who have none, of whom nothing of what
    is deleted here should be there."""

    policy_hash: str | None

    def own(self, person_id: ColumnElement[str] | Mapped[str]) -> ColumnElement[bool]:
        """Whether a row with this person id is theirs."""
        if self.policy_hash is None:
            return person_id.not_in(select(col(Consent.person_id)))
        return person_id.in_(select(col(Consent.person_id)).where(col(Consent.policy_hash) == self.policy_hash))


def delete_usage_before(session: Session, whose: Holders, first_kept: date) -> int:
    """Delete their usage days from before `first_kept`; returns how many there were."""
    return _gone(session, delete(UsageDay).where(col(UsageDay.day) < first_kept, whose.own(col(UsageDay.person_id))))


def delete_check_ins_before(session: Session, whose: Holders, first_kept: date) -> int:
    """Delete their check-ins for weeks from before `first_kept`; returns how many there were."""
    return _gone(session, delete(CheckIn).where(col(CheckIn.week) < first_kept, whose.own(col(CheckIn.person_id))))


def delete_messages_before(session: Session, whose: Holders, first_kept: date, now: datetime) -> int:
    """Have messages and files with their figures, sent before `first_kept` (00:00 UTC), deleted in Slack; returns how
    many these are."""
    moment = datetime.combine(first_kept, time(0), UTC)
    old = and_(col(SentItem.sent_at) < moment, whose.own(col(SentItem.person_id)))
    if count := len(deletions.queue_where(session, old, now)):
        owe_scrub(session)
    return count


def delete_other_tools(session: Session, whose: Holders, kept: Collection[str]) -> int:
    """Delete their usage of every tool that is not among `kept`; returns how many rows there were."""
    others = and_(_DAY.c.tool.not_in(list(kept)), whose.own(_DAY.c.person_id))
    return _gone(session, delete(UsageDay).where(others)) if _any(session, others) else 0


def delete_other_fields(session: Session, whose: Holders, tool: str, kept: Collection[str]) -> int:
    """Empty every column of their usage of this tool that is not among `kept`; a row with nothing else in it goes.

    Returns how many rows were changed or went.
    """
    lost = [_DAY.c[name] for name in sorted(FIELDS - set(kept))]
    left = [_DAY.c[name] for name in sorted(FIELDS & set(kept))]
    more = and_(_DAY.c.tool == tool, or_(*(column.is_not(None) for column in lost)), whose.own(_DAY.c.person_id))
    if not lost or not _any(session, more):
        return 0
    nothing_else = and_(*(column.is_(None) for column in left))
    emptied = dict.fromkeys((column.name for column in lost), None)
    gone = _gone(session, delete(UsageDay).where(more, nothing_else))
    return gone + _gone(session, update(UsageDay).where(more).values(emptied))


def _any(session: Session, rows: ColumnElement[bool]) -> bool:
    """Whether there is such a row of usage; if so, no import writes until the transaction ends: it would wait for rows
    of ours while we wait for rows of its own."""
    if session.connection().execute(select(_DAY.c.tool).where(rows).limit(1)).first() is None:
        return False
    usage.keep_imports_out(session)
    return True


class Leaver(NamedTuple):
    """Somebody whose account is switched off, since when, and the version they agreed to, if they did."""

    person_id: str
    left_at: datetime
    policy_hash: str | None


def leavers(session: Session) -> list[Leaver]:
    """Everybody whose account is switched off and of whom it is known since when."""
    columns = select(col(Person.id), col(Person.left_at), col(Consent.policy_hash))
    gone = columns.outerjoin(Consent, col(Consent.person_id) == col(Person.id)).where(
        col(Person.active).is_(False), col(Person.left_at).is_not(None)
    )
    rows = session.connection().execute(gone)
    return [Leaver(person_id, left_at, policy_hash) for person_id, left_at, policy_hash in rows if left_at]


def question_weeks(session: Session) -> Sequence[date]:
    """The weeks of the questions to HR that are kept, each once."""
    return session.connection().execute(select(col(OpenQuestion.week)).distinct()).scalars().all()


def delete_questions_of(session: Session, week: date) -> int:
    """Delete the questions to HR of this week; returns how many there were."""
    return _gone(session, delete(OpenQuestion).where(col(OpenQuestion.week) == week))


def _gone(session: Session, statement: Delete | Update) -> int:
    result: CursorResult[Any] = session.connection().execute(statement)
    if result.rowcount:
        owe_scrub(session)
    return result.rowcount
