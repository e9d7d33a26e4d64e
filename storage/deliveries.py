"""The outbox: every message owed, and the only statements that move it from state to state.

    ready -> claimed -> sending -> sent | ready | unknown | failed        unknown -> sent | ready | failed
                     -> ready | dropped

Each way back to `ready` raises `fence`, and each step names the fence it was started under: a worker whose
lease was taken over changes nothing. The caller owns the transaction.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from storage import deletions
from storage.tables import Consent, Delivery, SentItem, SlackDeletion

DIGEST = "digest"
_PLAN_CHUNK = 5000


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
FREE: dict[str, Any] = {"claimed_by": None, "lease_until": None}


@dataclass(frozen=True)
class Owed:
    """A message to plan; `week` is the person's local ISO week ("2026-W47"), `due` its earliest moment."""

    person_id: str
    kind: str
    week: str
    due: datetime


def plan(session: Session, workspace_id: str, owed: Iterable[Owed]) -> int:
    """Write down what is owed; a message planned before (same person, kind and week) stays as it is.

    Returns how many are new. Streams: memory does not grow with `owed`.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Delivery).on_conflict_do_nothing(index_elements=["workspace_id", "person_id", "kind", "week"])
    waiting, new = iter(owed), 0
    while chunk := [_row(workspace_id, each) for each in islice(waiting, _PLAN_CHUNK)]:
        new += session.connection().execute(statement, chunk, execution_options={"preserve_rowcount": True}).rowcount
    return new


def _row(workspace_id: str, owed: Owed) -> dict[str, Any]:
    return {
        "id": secrets.token_urlsafe(16),
        "workspace_id": workspace_id,
        "person_id": owed.person_id,
        "kind": owed.kind,
        "week": owed.week,
        "state": State.READY.value,
        "due": owed.due,
        "not_before": owed.due,
        "fence": 0,
        "attempts": 0,
    }


def start(session: Session, delivery: Delivery, now: datetime, lease: timedelta) -> bool:
    """Write down the intent to post, to be committed before the first byte; False: the row was taken over."""
    values = {"state": State.SENDING.value, "started_at": now, "lease_until": now + lease}
    return _move(session, delivery, [State.CLAIMED], **values)


def mark_sent(
    session: Session, delivery: Delivery, now: datetime, *, channel: str, ts: str, holds_figures: bool
) -> bool:
    """Slack has the message. One with figures is remembered, so that opting out can delete it.

    Returns False, and writes nothing, when the row was taken over.
    """
    # The consent first, then the delivery: opting out locks them in this order too.
    consents = holds_figures and _consents(session, delivery.person_id)
    values = {"state": State.SENT.value, "reason": None, "finished_at": now, "channel": channel, "ts": ts}
    if not _move(session, delivery, IN_FLIGHT, **values, **FREE):
        return False
    if consents:
        deletions.note_sent(session, delivery.person_id, "message", channel, ts, now)
    elif holds_figures:
        # The person opted out while the message was on its way: it has to go as well.
        session.add(SlackDeletion(kind="message", channel=channel, ref=ts, not_before=now))
    return True


def _consents(session: Session, person_id: str) -> bool:
    statement = select(Consent.person_id).where(col(Consent.person_id) == person_id)
    return session.exec(statement.with_for_update(read=True)).first() is not None


def mark_refused(
    session: Session, delivery: Delivery, now: datetime, *, reason: str, not_before: datetime, most: int
) -> bool:
    """The message was surely not sent: it may be tried again, `most` times in all."""
    refusals = delivery.attempts + 1
    if refusals >= most:
        return mark_failed(session, delivery, now, f"gave up after {refusals} refusals", refusals=refusals)
    values = {"state": State.READY.value, "reason": reason, "attempts": refusals, "not_before": not_before}
    return _move(session, delivery, (State.CLAIMED, *IN_FLIGHT), **values, **_back(delivery))


def mark_failed(
    session: Session, delivery: Delivery, now: datetime, reason: str, *, refusals: int | None = None
) -> bool:
    """The message cannot be sent, or nobody will ever be able to tell whether it was: it ends here."""
    values = {"state": State.FAILED.value, "reason": reason, "finished_at": now}
    attempts = delivery.attempts if refusals is None else refusals
    return _move(session, delivery, (State.CLAIMED, *IN_FLIGHT), **values, attempts=attempts, **FREE)


def mark_unknown(session: Session, delivery: Delivery, *, reason: str, not_before: datetime) -> bool:
    """Nobody can say whether Slack has the message; it is looked up from `not_before` on, never re-sent."""
    values = {"state": State.UNKNOWN.value, "reason": reason, "not_before": not_before}
    return _move(session, delivery, [State.SENDING], **values, **FREE)


def drop(session: Session, delivery: Delivery, now: datetime, reason: str) -> bool:
    """Nothing is to be sent: opted out, paused, skipped, nothing to say."""
    values = {"state": State.DROPPED.value, "reason": reason, "finished_at": now}
    return _move(session, delivery, [State.CLAIMED], **values, **FREE)


def postpone(session: Session, delivery: Delivery, until: datetime) -> bool:
    """The person's window has passed for today: wait for the next one."""
    values = {"state": State.READY.value, "not_before": until}
    return _move(session, delivery, [State.CLAIMED], **values, **_back(delivery))


def release(session: Session, delivery: Delivery) -> bool:
    """Give back a message that was not posted, as it was."""
    values = {"state": State.READY.value, "started_at": None}
    return _move(session, delivery, (State.CLAIMED, State.SENDING), **values, **_back(delivery))


def _back(delivery: Delivery) -> Mapping[str, Any]:
    return {**FREE, "fence": delivery.fence + 1}


def _move(session: Session, delivery: Delivery, sources: Sequence[State], **values: Any) -> bool:
    statement = (
        update(Delivery)
        .where(
            col(Delivery.id) == delivery.id,
            col(Delivery.fence) == delivery.fence,
            col(Delivery.state).in_([state.value for state in sources]),
        )
        .values(**values)
    )
    options = {"synchronize_session": False}
    return session.exec(statement, execution_options=options).rowcount == 1


def channel_of(session: Session, person_id: str) -> str | None:
    """The DM with this person, as learnt from an earlier message to them."""
    sent = select(Delivery.channel).where(col(Delivery.person_id) == person_id, col(Delivery.channel).is_not(None))
    kept = select(SentItem.channel).where(col(SentItem.person_id) == person_id, col(SentItem.channel).is_not(None))
    return session.exec(sent.limit(1)).first() or session.exec(kept.limit(1)).first()


def purge(session: Session, before_week: str) -> int:
    """Delete the finished deliveries of the weeks before `before_week` ("2026-W47").

    The keys of the open week stay: they are what keeps a second message of that week from being planned.
    """
    finished = col(Delivery.state).in_([state.value for state in FINAL])
    statement = delete(Delivery).where(finished, col(Delivery.week) < before_week)
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
