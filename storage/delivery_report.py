"""What operators may know of the outbox: counts, times and opaque ids. Names nobody, and reads nobody's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, text
from sqlmodel import Session, col, select

from storage.deliveries import State
from storage.pace import running_block
from storage.tables import Delivery, Workspace

# States that may need somebody's decision, and the states whose reason says why nothing was sent.
_TROUBLED = (State.UNKNOWN.value, State.FAILED.value)
_REASONED = (State.FAILED.value, State.DROPPED.value)


@dataclass(frozen=True)
class Count:
    """How many deliveries of a kind are in a state; of failed and dropped ones, for one reason.

    `due` is the earliest moment that was promised for one of them, `since` the earliest post of one of them.
    """

    kind: str
    state: State
    reason: str | None
    number: int
    due: datetime | None
    since: datetime | None


@dataclass(frozen=True)
class Sending:
    """What keeps a workspace's messages back: an installation that Slack no longer accepts, or Slack's 429."""

    stopped_at: datetime | None = None
    stop_reason: str | None = None
    blocked_until: datetime | None = None
    lookups_blocked_until: datetime | None = None

    def blocked(self, now: datetime) -> datetime | None:
        """When messages may go out again; None when they may now, as workers see it."""
        return running_block(self.blocked_until, now)

    def lookups_blocked(self, now: datetime) -> datetime | None:
        """When Slack's history may be read again; None when it may now, as workers see it."""
        return running_block(self.lookups_blocked_until, now)


@dataclass(frozen=True)
class Troubled:
    """One delivery with an unknown outcome, or failed; `since` is when it was posted, or when it ended."""

    id: str
    kind: str
    week: str
    state: State
    reason: str | None
    since: datetime | None


def counts(session: Session, workspace_id: str) -> list[Count]:
    """The workspace's deliveries by kind and state, failed and dropped ones by reason too."""
    reason = case((col(Delivery.state).in_(_REASONED), col(Delivery.reason)))
    key = (col(Delivery.kind), col(Delivery.state), reason)
    numbers = (func.count(), func.min(col(Delivery.due)), func.min(col(Delivery.started_at)))
    statement = select(*key).add_columns(*numbers).where(col(Delivery.workspace_id) == workspace_id).group_by(*key)
    rows = session.connection().execute(statement).all()
    found = [Count(kind, State(state), why, number, due, since) for kind, state, why, number, due, since in rows]
    order = list(State)
    return sorted(found, key=lambda count: (count.kind, order.index(count.state), count.reason or ""))


def sending(session: Session, workspace_id: str) -> Sending | None:
    """What keeps the workspace's messages back; None when the workspace is not known."""
    row = session.exec(select(Workspace).where(Workspace.id == workspace_id)).first()
    if row is None:
        return None
    return Sending(row.stopped_at, row.stop_reason, row.blocked_until, row.lookup_blocked_until)


def troubled(session: Session, workspace_id: str, limit: int) -> Sequence[Troubled]:
    """The newest deliveries that may need somebody's decision, newest first."""
    since = func.coalesce(col(Delivery.finished_at), col(Delivery.started_at))
    columns = (Delivery.id, Delivery.kind, Delivery.week, Delivery.state, Delivery.reason, since)
    where = (col(Delivery.workspace_id) == workspace_id, col(Delivery.state).in_(_TROUBLED))
    statement = select(*columns).where(*where).order_by(since.desc().nulls_last(), col(Delivery.id)).limit(limit)  # type: ignore[call-overload]
    rows = session.connection().execute(statement).all()
    return [Troubled(id, kind, week, State(state), why, at) for id, kind, week, state, why, at in rows]


def answers(session: Session) -> None:
    """Nothing, when the database answers; raises `SQLAlchemyError` when it does not."""
    session.connection().execute(text("SELECT 1"))
