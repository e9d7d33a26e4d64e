"""The outbox: every message owed, and the only statements that move it from state to state.

    ready -> claimed -> sending -> sent | ready | unknown | failed        unknown -> sent | ready | failed
                     -> ready | dropped

Each way back to `ready` raises `fence`, and each step names the fence it was started under: a worker whose
lease was taken over changes nothing. The caller owns the transaction.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, func, literal, true
from sqlalchemy import insert as sa_insert
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select, update

from storage import deletions, lists
from storage.inserting import insert
from storage.moves import move, move_if_open
from storage.tables import Consent, Delivery, SentItem, SlackDeletion
from storage.types import UtcDateTime

DIGEST = "digest"
# A new version of the policy: to everybody who opted in.
NOTICE = "policy"
# A pulse: to everybody, opted in or not.
INVITATION, REMINDER = "pulse", "pulse reminder"
# A team summary is there: to whoever manages the team.
SUMMARY = "team summary"
# These ask no consent: opting out of the digest does not end them.
WITHOUT_CONSENT = frozenset({INVITATION, REMINDER, SUMMARY})
# Many at once, and without the hurry of a digest: they take what digests leave of the rate.
TO_EVERYBODY = WITHOUT_CONSENT | {NOTICE}
_PLAN_CHUNK = 5000
# Built once: they run for every message.
_CONSENT = (
    sa_select(col(Consent.person_id)).where(col(Consent.person_id) == bindparam("person")).with_for_update(read=True)
)
_REMEMBER = sa_insert(SentItem).inline()


class State(StrEnum):
    """The states of a delivery; the last three are final."""

    READY = "ready"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


FINAL = (State.SENT, State.DROPPED, State.FAILED)
IN_FLIGHT = (State.SENDING, State.UNKNOWN)
# Nobody is posting these, nor has anybody that is known of.
_NOT_POSTED = (State.READY, State.CLAIMED, State.FAILED)
FREE: dict[str, Any] = {"claimed_by": None, "lease_until": None}


class Owed(NamedTuple):
    """A message to plan; `week` is the person's local ISO week ("2026-W47"), `due` its earliest moment."""

    person_id: str
    kind: str
    week: str
    due: datetime


def plan(session: Session, workspace_id: str, owed: Iterable[Owed]) -> int:
    """Write down what is owed; a message planned before (same person, kind and week) stays as it is.

    Returns how many are new. Streams: memory does not grow with `owed`. Fast where many share kind, week and due time.
    """
    waiting, new = iter(owed), 0
    while chunk := list(islice(waiting, _PLAN_CHUNK)):
        alike: dict[tuple[str, str, datetime], dict[str, str]] = defaultdict(dict)
        for each in chunk:
            alike[each.kind, each.week, each.due][each.person_id] = secrets.token_urlsafe(16)
        new += sum(_insert(session, workspace_id, *what, ids) for what, ids in alike.items())
    return new


def _insert(session: Session, workspace_id: str, kind: str, week: str, due: datetime, ids: Mapping[str, str]) -> int:
    """One delivery for each person of `ids`, which has their new ids by person."""
    new = lists.pairs(session, ids)
    when = literal(due, UtcDateTime())
    same = {"workspace_id": workspace_id, "kind": kind, "week": week, "state": State.READY.value, "due": when}
    row = {"id": new.c.value, "person_id": new.c.key, **same, "not_before": when, "fence": 0, "attempts": 0}
    # Without a WHERE, SQLite would read the ON of ON CONFLICT as that of a join.
    rows = sa_select(*(value if isinstance(value, ColumnElement) else literal(value) for value in row.values()))
    statement = insert(session, Delivery).from_select(list(row), rows.where(true()))
    once = statement.on_conflict_do_nothing(index_elements=["workspace_id", "person_id", "kind", "week"])
    return session.connection().execute(once, execution_options={"preserve_rowcount": True}).rowcount


def start(session: Session, delivery: Delivery, now: datetime, lease: timedelta) -> bool:
    """Write down the intent to post, to be committed before the first byte.

    False: the row was taken over, or nobody may post for now.
    """
    values = {"state": State.SENDING.value, "started_at": now, "lease_until": now + lease}
    return move_if_open(session, delivery, State.CLAIMED, now, **values)


def mark_sent(
    session: Session, delivery: Delivery, now: datetime, *, channel: str, ts: str, holds_figures: bool
) -> bool:
    """Slack has the message. One with figures is remembered, so that opting out can delete it.

    Returns False, and writes nothing, when the row was taken over.
    """
    # The consent first, then the delivery: opting out locks them in this order too.
    consents = holds_figures and _consents(session, delivery.person_id)
    values = _sent(now, channel, ts, to_be_found=consents or not holds_figures)
    if not move(session, delivery, IN_FLIGHT, **values):
        return False
    if consents:
        # Without a look whether it is there: nothing can have noted a message before it was marked sent.
        item = {"person_id": delivery.person_id, "kind": "message", "channel": channel, "ref": ts, "sent_at": now}
        session.connection().execute(_REMEMBER, item)
    elif holds_figures:
        # The person opted out while the message was on its way: it has to go as well.
        session.add(SlackDeletion(kind="message", channel=channel, ref=ts, not_before=now))
    return True


def _sent(now: datetime, channel: str, ts: str, *, to_be_found: bool) -> dict[str, Any]:
    """Of whoever opted out meanwhile nothing is kept by which the message could be found."""
    values = {"state": State.SENT.value, "reason": None, "finished_at": now, **FREE}
    return values | {"channel": channel, "ts": ts} if to_be_found else values


def _consents(session: Session, person_id: str) -> bool:
    return session.connection().execute(_CONSENT, {"person": person_id}).first() is not None


def mark_refused(
    session: Session, delivery: Delivery, now: datetime, *, reason: str, not_before: datetime, most: int
) -> bool:
    """The message was surely not sent: it may be tried again, `most` times in all."""
    refusals = delivery.attempts + 1
    if refusals >= most:
        return mark_failed(session, delivery, now, f"gave up after {refusals} refusals", refusals=refusals)
    values = {"state": State.READY.value, "reason": reason, "attempts": refusals, "not_before": not_before}
    return move(session, delivery, (State.CLAIMED, *IN_FLIGHT), **values, **back(delivery))


def mark_absent(session: Session, delivery: Delivery, *, not_before: datetime, sweep_at: datetime) -> bool:
    """The history does not have the message: it is tried again, however often; its composer knows when it is too late.

    At `sweep_at` it is looked for twice: whoever was to post it first may have slept through everything since.
    """
    values = {"state": State.READY.value, "reason": "not delivered", "attempts": delivery.attempts + 1}
    again = {"not_before": not_before, "sweep_at": sweep_at, **back(delivery)}
    return move(session, delivery, [State.UNKNOWN], **values, **again)


def mark_failed(
    session: Session, delivery: Delivery, now: datetime, reason: str, *, refusals: int | None = None
) -> bool:
    """The message cannot be sent, or nobody will ever be able to tell whether it was: it ends here."""
    values = {"state": State.FAILED.value, "reason": reason, "finished_at": now}
    attempts = delivery.attempts if refusals is None else refusals
    return move(session, delivery, (State.CLAIMED, *IN_FLIGHT), **values, attempts=attempts, **FREE)


def mark_late(
    session: Session, delivery: Delivery, now: datetime, *, channel: str, ts: str, holds_figures: bool
) -> bool:
    """A worker that was taken over has posted the message after all: True when it is the only one and counts.

    Else another is there or on its way: this one is found by the sweep, or is queued to be deleted where nothing is
    owed any more.
    """
    consents = holds_figures and _consents(session, delivery.person_id)
    values = _sent(now, channel, ts, to_be_found=consents or not holds_figures)
    if _set(session, delivery, *_NOT_POSTED, **values, fence=Delivery.fence + 1):
        if consents:
            deletions.note_sent(session, delivery.person_id, "message", channel, ts, now)
        elif holds_figures:
            deletions.queue(session, "message", channel, ts, now)
        return True
    if not _set(session, delivery, *IN_FLIGHT, State.SENT, sweep_at=now):
        deletions.queue(session, "message", channel, ts, now)
    return False


def mark_unknown(session: Session, delivery: Delivery, *, reason: str, not_before: datetime) -> bool:
    """Nobody can say whether Slack has the message; it is looked up from `not_before` on, never re-sent."""
    values = {"state": State.UNKNOWN.value, "reason": reason, "not_before": not_before}
    return move(session, delivery, [State.SENDING], **values, **FREE)


def drop(session: Session, delivery: Delivery, now: datetime, reason: str) -> bool:
    """Nothing is to be sent: opted out, paused, skipped, nothing to say."""
    values = {"state": State.DROPPED.value, "reason": reason, "finished_at": now}
    return move(session, delivery, [State.CLAIMED], **values, **FREE)


def postpone(session: Session, delivery: Delivery, until: datetime, reason: str | None = None) -> bool:
    """Surely not sent, for no fault of its own: the person's window has passed for today, or Slack takes nothing now.

    It counts as no refusal: however long that lasts, the message is not given up for it.
    """
    values = {"state": State.READY.value, "reason": reason, "not_before": until}
    return move(session, delivery, (State.CLAIMED, State.SENDING), **values, **back(delivery))


def release(session: Session, delivery: Delivery) -> bool:
    """Give back a message that was not posted, as it was: when an earlier post of it began stays known."""
    values = {"state": State.READY.value}
    return move(session, delivery, (State.CLAIMED, State.SENDING), **values, **back(delivery))


def back(delivery: Delivery) -> Mapping[str, Any]:
    """What makes whoever holds the row too late: nobody does any more, and its fence is higher."""
    return {**FREE, "fence": delivery.fence + 1}


def _set(session: Session, delivery: Delivery, *sources: State, **values: Any) -> bool:
    """Change the row whatever its fence is; with `sources`, only in one of these states."""
    statement = update(Delivery).where(col(Delivery.id) == delivery.id)
    if sources:
        statement = statement.where(col(Delivery.state).in_([state.value for state in sources]))
    return session.exec(statement.values(**values), execution_options={"synchronize_session": False}).rowcount == 1


def swept(session: Session, delivery: Delivery) -> str | None:
    """The message was looked for twice; returns the `ts` that its person keeps, None when they keep none."""
    statement = (
        update(Delivery).where(col(Delivery.id) == delivery.id).values(sweep_at=None).returning(col(Delivery.ts))
    )
    return session.scalars(statement, execution_options={"synchronize_session": False}).first()


def channel_of(session: Session, person_id: str) -> str | None:
    """The DM with this person, as learnt from an earlier message to them."""
    sent = select(Delivery.channel).where(col(Delivery.person_id) == person_id, col(Delivery.channel).is_not(None))
    kept = select(SentItem.channel).where(col(SentItem.person_id) == person_id, col(SentItem.channel).is_not(None))
    return session.exec(sent.limit(1)).first() or session.exec(kept.limit(1)).first()


def purge(session: Session, before_week: str) -> int:
    """Delete the finished deliveries of the weeks before `before_week` ("2026-W47").

    The keys of the open week stay: they are what keeps a second message of that week from being planned.
    """
    settled = col(Delivery.state).in_([state.value for state in FINAL]), col(Delivery.sweep_at).is_(None)
    statement = delete(Delivery).where(*settled, col(Delivery.week) < before_week)
    return session.exec(statement, execution_options={"synchronize_session": False}).rowcount


def counts(session: Session) -> dict[tuple[str, str | None], int]:
    """How many deliveries are in each state, by reason. Names nobody."""
    key = (col(Delivery.state), col(Delivery.reason))
    rows = session.exec(select(*key, func.count()).group_by(*key)).all()
    return {(state, reason): number for state, reason, number in rows}


def exists(session: Session, person_id: str, kind: str, week: str) -> bool:
    """Whether a delivery of this kind was ever planned for the person and week."""
    key = select(Delivery.id).where(Delivery.person_id == person_id, Delivery.kind == kind, Delivery.week == week)
    return session.exec(key).first() is not None


def find_sent(session: Session, person_id: str, kind: str, week: str) -> Delivery | None:
    """The person's delivered message of this kind and week, with the channel and ts it has in Slack."""
    statement = select(Delivery).where(
        Delivery.person_id == person_id,
        Delivery.kind == kind,
        Delivery.week == week,
        Delivery.state == State.SENT.value,
        col(Delivery.ts).is_not(None),
    )
    return session.exec(statement).first()
