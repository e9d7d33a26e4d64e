"""What `candor deliveries` prints: counts, times and opaque ids, never a person or a figure."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from bot.operators.snapshot import Snapshot, since
from bot.operators.words import clock_time, duration, stopped_words
from storage.deliveries import State
from storage.delivery_report import Sending, Troubled


def show(out: Console, found: Snapshot, troubled: Sequence[Troubled], now: datetime) -> None:
    """The outbox for people."""
    for line in _lines(found, troubled, now):
        out.print(line, markup=False)


def _lines(found: Snapshot, troubled: Sequence[Troubled], now: datetime) -> Iterator[str]:
    for count in found.counts:
        why = f": {count.reason}" if count.reason else ""
        yield f"{count.number:>9,}  {count.kind}  {count.state}{why}"
    yield from _waiting(found, now)
    yield from _held_back(found.sending, now)
    yield from _in_trouble(found, troubled)


def _waiting(found: Snapshot, now: datetime) -> Iterator[str]:
    if not found.owed:
        yield "Nothing is owed."
    due = found.oldest_due()
    if due is not None:
        past = f"{duration(now - due)} past due" if due <= now else f"not due before {clock_time(due)}"
        yield f"The oldest waiting is {past}."
    unknown = found.oldest_unknown()
    if unknown is not None:
        number = found.number(State.UNKNOWN)
        yield (
            f"Unknown: {number:,}, the oldest since {clock_time(unknown)} ({duration(since(unknown, now))}). They are "
            "looked up by themselves, and sent again only if Slack does not have them."
        )


def _held_back(sending: Sending | None, now: datetime) -> Iterator[str]:
    stopped = stopped_words(sending)
    blocked, unread = _blocked(sending, now)
    if stopped is not None:
        yield f"Sending: {stopped}."
    elif blocked is not None:
        yield f"Sending: nothing goes out before {clock_time(blocked)}: Slack asked to wait, or is in trouble."
    else:
        yield "Sending: messages may go out."
    if unread is not None:
        yield f"Looking up: not before {clock_time(unread)}: Slack asked to wait."


def _blocked(sending: Sending | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Until when nothing is sent, and nothing is looked up."""
    return (None, None) if sending is None else (sending.blocked(now), sending.lookups_blocked(now))


def _in_trouble(found: Snapshot, troubled: Sequence[Troubled]) -> Iterator[str]:
    if not troubled:
        return
    yield "In trouble, newest first; candor deliveries retry ID or abandon ID:"
    for each in troubled:
        at = clock_time(each.since) if each.since else "unknown time"
        yield f"  {each.id}  {each.kind}  {each.week}  {each.state} since {at}: {each.reason or 'no reason'}"
    if more := found.number(State.UNKNOWN, State.FAILED) - len(troubled):
        yield f"  … and {more:,} more"


def as_json(found: Snapshot, troubled: Sequence[Troubled], now: datetime) -> str:
    """The outbox for machines: times are ISO 8601 in UTC, lengths of time in seconds."""
    said = _found(found, now) | {
        "in_trouble": [_troubled(each) for each in troubled],
        "in_trouble_not_listed": found.number(State.UNKNOWN, State.FAILED) - len(troubled),
    }
    return json.dumps(said, indent=2)


def _found(found: Snapshot, now: datetime) -> dict[str, Any]:
    sending = found.sending or Sending()
    return {
        "at": _iso(now),
        "workspace_known": found.sending is not None,
        "owed": found.owed,
        "counts": [
            {"kind": count.kind, "state": count.state, "reason": count.reason, "number": count.number}
            for count in found.counts
        ],
        "oldest_due": _iso(found.oldest_due()),
        "lag_seconds": found.lag(now).total_seconds(),
        "oldest_unknown": _iso(found.oldest_unknown()),
        "stopped_at": _iso(sending.stopped_at),
        "stop_reason": sending.stop_reason,
        "blocked_until": _iso(sending.blocked(now)),
        "lookups_blocked_until": _iso(sending.lookups_blocked(now)),
    }


def _troubled(each: Troubled) -> dict[str, Any]:
    return {
        "id": each.id,
        "kind": each.kind,
        "week": each.week,
        "state": each.state,
        "reason": each.reason,
        "since": _iso(each.since),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment is not None else None
