"""How fast a workspace may be written to: one row that every worker on every machine shares.

The rate is GCRA: `tat`, the theoretical arrival time, is the moment at which all tokens taken so far would
have been earned at the steady rate. One timestamp says all there is to know, so one row lock is enough.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, or_
from sqlmodel import Session, col, select, update

from storage.ahead import CLOCK_SLACK, still_ahead
from storage.tables import Workspace
from storage.types import UtcDateTime

# Slack asks for seconds or minutes.
LONGEST_BLOCK = timedelta(hours=1)


@dataclass(frozen=True)
class Rate:
    """A token every `interval`, at most `burst` at once, of which digests, and what goes to everybody, leave `reserved`
    to notices."""

    interval: timedelta
    burst: int
    reserved: int

    def free(self, tat: datetime | None, now: datetime, *, notices: bool) -> int:
        """Tokens that can be taken at `now`; never negative."""
        start = max(self._plausible(tat, now), now)
        return max(0, (now + self._tolerance(notices=notices) - start) // self.interval)

    def spend(self, tat: datetime | None, now: datetime, taken: int) -> datetime:
        """The `tat` after `taken` tokens."""
        return max(self._plausible(tat, now), now) + taken * self.interval

    def opens_at(self, tat: datetime, *, notices: bool) -> datetime:
        """The moment from which one token is free."""
        return tat + self.interval - self._tolerance(notices=notices)

    def _tolerance(self, *, notices: bool) -> timedelta:
        return self.interval * (self.burst if notices else self.burst - self.reserved)

    def _plausible(self, tat: datetime | None, now: datetime) -> datetime:
        # A clock that ran ahead and was set right would otherwise hold everything back until it is caught up.
        if tat is None or tat > now + self.interval * self.burst + CLOCK_SLACK:
            return now
        return tat


def running_block(until: datetime | None, now: datetime) -> datetime | None:
    """When a block ends that still holds at `now`; None when none does."""
    return until if still_ahead(until, now, LONGEST_BLOCK) else None


@dataclass(frozen=True)
class Gate:
    """What one workspace allows at this moment."""

    stopped: bool
    blocked_until: datetime | None
    tat: datetime | None

    def shut_until(self, now: datetime) -> datetime | None:
        """When a block by Slack (429) ends; None when there is none."""
        return running_block(self.blocked_until, now)

    def open(self, now: datetime) -> bool:
        return not self.stopped and self.shut_until(now) is None


def gate(session: Session, workspace_id: str, *, lock: bool = False) -> Gate:
    """The workspace's gate; `lock` keeps every other worker out until the transaction ends.

    Raises `LookupError` when the workspace is not known.
    """
    columns = (col(Workspace.stopped_at), col(Workspace.blocked_until), col(Workspace.tat))
    statement = select(*columns).where(col(Workspace.id) == workspace_id)
    row = session.exec(statement.with_for_update() if lock else statement).first()
    if row is None:
        raise LookupError(f"workspace {workspace_id} is not known; start the bot once so that it registers it")
    stopped_at, blocked_until, tat = row
    return Gate(stopped_at is not None, blocked_until, tat)


def is_open(workspace_id: ColumnElement[str]) -> ColumnElement[bool]:
    """`Gate.open` as a condition of another statement, which has to be given `moments(now)` with its values."""
    now, farthest = bindparam("gate_now", type_=UtcDateTime()), bindparam("gate_farthest", type_=UtcDateTime())
    until = col(Workspace.blocked_until)
    unblocked = or_(until.is_(None), until <= now, until > farthest)
    return exists().where(col(Workspace.id) == workspace_id, col(Workspace.stopped_at).is_(None), unblocked)


def moments(now: datetime) -> dict[str, datetime]:
    """The moments that `is_open` asks for, by name."""
    return {"gate_now": now, "gate_farthest": now + LONGEST_BLOCK + CLOCK_SLACK}


def write_tat(session: Session, workspace_id: str, tat: datetime) -> None:
    """Record tokens taken; the caller holds the lock of `gate(..., lock=True)`."""
    _update(session, workspace_id, tat=tat)


def refund(session: Session, workspace_id: str, rate: Rate, tat: datetime, tokens: int) -> bool:
    """Give back tokens of messages that were not posted; only while nobody has taken any since.

    Later takers have built on the spent tokens: taking them out again would let more through than the rate.
    """
    statement = (
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.tat) == tat)
        .values(tat=tat - tokens * rate.interval)
    )
    return session.exec(statement).rowcount == 1


def block(session: Session, workspace_id: str, now: datetime, seconds: float) -> datetime:
    """Slack answered 429: nobody posts before the returned moment. A longer block that runs already stays."""
    until = now + min(timedelta(seconds=seconds), LONGEST_BLOCK)
    running = gate(session, workspace_id, lock=True).shut_until(now)
    until = max(until, running or until)
    _update(session, workspace_id, blocked_until=until)
    return until


def lookups_open(session: Session, workspace_id: str, now: datetime) -> bool:
    """Whether Slack allows its history to be read."""
    found = session.exec(select(Workspace.lookup_blocked_until).where(Workspace.id == workspace_id)).first()
    return running_block(found, now) is None


def block_lookups(session: Session, workspace_id: str, now: datetime, seconds: float) -> None:
    """Slack answered 429 to a look at its history: nobody looks before that time is over."""
    _update(session, workspace_id, lookup_blocked_until=now + min(timedelta(seconds=seconds), LONGEST_BLOCK))


def _update(session: Session, workspace_id: str, **values: object) -> None:
    session.exec(update(Workspace).where(col(Workspace.id) == workspace_id).values(**values))
