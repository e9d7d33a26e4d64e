"""Messages, files and Home tabs that hold a person's figures or summaries, and what Slack still has to delete."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, literal
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import lists
from storage.tables import Base, SentItem, SlackDeletion
from storage.types import UtcDateTime

# A summary that somebody opened as whoever manages the team, in a message or their Home tab, or took away as a file.
SUMMARY, SUMMARY_HOME, SUMMARY_FILE = "team summary", "team summary in Home", "team summary file"
OF_MANAGERS = frozenset({SUMMARY, SUMMARY_HOME, SUMMARY_FILE})
# The same as HR: each goes with the right that it was opened by.
HR_HOME, HR_FILE = "team summary of HR in Home", "team summary file of HR"
OF_HR = frozenset({HR_HOME, HR_FILE})
FILES = frozenset({"file", SUMMARY_FILE, HR_FILE})
# Of a Home tab, what is remembered (`ref`) is whose it is: Slack keeps one for each person.
HOMES = frozenset({SUMMARY_HOME, HR_HOME})


def note_sent(session: Session, person_id: str, kind: str, channel: str | None, ref: str, now: datetime) -> None:
    """Remember a message (its ts), file (its id) or Home tab (their Slack id) that holds the person's figures, or a
    summary that they opened.

    One that is remembered already stays as it is.
    """
    mine = select(SentItem.id).where(SentItem.person_id == person_id, SentItem.kind == kind, SentItem.ref == ref)
    if session.exec(mine).first() is None:
        session.add(SentItem(person_id=person_id, kind=kind, channel=channel, ref=ref, sent_at=now))
        session.flush()


def queue(session: Session, kind: str, channel: str | None, ref: str, now: datetime) -> None:
    """Have a message or file deleted in Slack that nobody's figures may stay in; once, however often it is queued."""
    same = select(SlackDeletion.id).where(SlackDeletion.kind == kind, SlackDeletion.ref == ref)
    if session.exec(same).first() is None:
        session.add(SlackDeletion(kind=kind, channel=channel, ref=ref, not_before=now))
        session.flush()


def queue_all_of(session: Session, person_id: str, now: datetime) -> list[int]:
    """Have everything deleted in Slack that was sent to the person; returns the ids of these deletions."""
    return queue_where(session, col(SentItem.person_id) == person_id, now)


def queue_kinds_of(session: Session, people: Collection[str], kinds: Collection[str], now: datetime) -> list[int]:
    """Have what was sent to these people and is of these kinds deleted in Slack; returns the ids of these deletions."""
    theirs = col(SentItem.person_id).in_(lists.values(session, list(people)))
    return queue_where(session, theirs & col(SentItem.kind).in_(sorted(kinds)), now)


def kept_by(session: Session, kinds: Collection[str]) -> set[str]:
    """Whoever (Slack ids) Slack still has something of these kinds for."""
    return set(session.exec(select(SentItem.person_id).where(col(SentItem.kind).in_(sorted(kinds))).distinct()))


def forget_home(session: Session, person_id: str) -> None:
    """Nobody's Home tab is waited for whose account nobody uses any more."""
    of_homes = delete(SlackDeletion).where(col(SlackDeletion.kind).in_(sorted(HOMES)))
    session.connection().execute(of_homes.where(col(SlackDeletion.ref) == person_id))


def queue_where(session: Session, which: ColumnElement[bool], now: datetime) -> list[int]:
    """Have everything deleted in Slack that these rows of `sent_item` name; returns the ids of these deletions."""
    now_and_never_tried = literal(now, UtcDateTime()), literal(0)
    sent = select(SentItem.kind, SentItem.channel, SentItem.ref).add_columns(*now_and_never_tried).where(which)
    columns = ["kind", "channel", "ref", "not_before", "attempts"]
    queued = insert(SlackDeletion).from_select(columns, sent).returning(Base.metadata.tables["slack_deletion"].c.id)
    ids: list[int] = list(session.connection().execute(queued).scalars())
    session.connection().execute(delete(SentItem).where(which))
    return ids


def due(session: Session, now: datetime, limit: int, only: Collection[int] | None = None) -> Sequence[SlackDeletion]:
    """Deletions to try now, oldest first; with `only`, of these ids."""
    statement = select(SlackDeletion).where(col(SlackDeletion.not_before) <= now)
    if only is not None:
        statement = statement.where(col(SlackDeletion.id).in_(only))
    return session.exec(statement.order_by(col(SlackDeletion.id)).limit(limit)).all()


def waiting(session: Session, only: Collection[int] | None = None) -> int:
    """How many deletions Slack still owes us; with `only`, of these ids."""
    statement: SelectOfScalar[int] = select(func.count()).select_from(SlackDeletion)
    if only is not None:
        statement = statement.where(col(SlackDeletion.id).in_(only))
    return session.exec(statement).one()


def done(session: Session, deletion: SlackDeletion) -> None:
    """Slack has deleted it, or no longer had it."""
    found = session.get(SlackDeletion, deletion.id)
    if found is not None:
        session.delete(found)


def postpone(session: Session, deletion: SlackDeletion, until: datetime) -> None:
    """Slack did not delete it: try again from `until` on."""
    found = session.get(SlackDeletion, deletion.id)
    if found is not None:
        found.not_before = until
        found.attempts += 1
