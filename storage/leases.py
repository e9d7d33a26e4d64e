"""Who holds which delivery: claims with a lease, and what is taken over from workers that died."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement
from sqlmodel import Session, col, select, update

from storage import pace
from storage.deliveries import DIGEST, FINAL, FREE, TO_EVERYBODY, State
from storage.pace import Rate
from storage.tables import Delivery

_AS_IN_DATABASE = {"synchronize_session": False}
# They leave a part of the burst to notices. What goes to everybody would use it up for hours, and the digests' too.
_UNHURRIED = TO_EVERYBODY | {DIGEST}


@dataclass(frozen=True)
class Terms:
    """Under which terms a worker claims: `kinds` in the order in which they are served."""

    workspace_id: str
    worker: str
    kinds: tuple[str, ...]
    lease: timedelta
    batch: int
    rate: Rate


@dataclass(frozen=True)
class Claim:
    """Rows now held by the worker, the rate's `tat` that they left, and when a shut gate opens again."""

    rows: Sequence[Delivery] = ()
    tat: datetime | None = None
    resume_at: datetime | None = None


def claim(session: Session, terms: Terms, *, due_by: datetime, now: datetime) -> Claim:
    """Take the next messages due, and their tokens of the shared rate, in one transaction."""
    gate = pace.gate(session, terms.workspace_id, lock=True)
    if not gate.open(now):
        return Claim(resume_at=gate.shut_until(now))
    rows: list[Delivery] = []
    tat = terms.rate.spend(gate.tat, now, 0)
    for kind in terms.kinds:
        free = terms.rate.free(tat, now, notices=kind not in _UNHURRIED)
        taken = _take(session, terms, kind, due_by, now, min(free, terms.batch - len(rows)))
        tat = terms.rate.spend(tat, now, len(taken))
        rows += taken
    if rows:
        pace.write_tat(session, terms.workspace_id, tat)
    spent = terms.rate.free(tat, now, notices=False) == 0
    return Claim(rows, tat, terms.rate.opens_at(tat, notices=False) if spent else None)


def _take(session: Session, terms: Terms, kind: str, due_by: datetime, now: datetime, limit: int) -> list[Delivery]:
    if limit < 1:
        return []
    next_due = _locked(
        col(Delivery.workspace_id) == terms.workspace_id,
        col(Delivery.kind) == kind,
        col(Delivery.state) == State.READY,
        col(Delivery.not_before) <= due_by,
        limit=limit,
    )
    values = {
        "state": State.CLAIMED.value,
        "claimed_by": terms.worker,
        "lease_until": now + terms.lease,
        "reason": None,
    }
    statement = update(Delivery).where(_in(next_due)).values(**values).returning(Delivery)
    rows = session.scalars(statement, execution_options=_AS_IN_DATABASE).all()
    return sorted(rows, key=lambda row: (row.due, row.id))


def _locked(*conditions: ColumnElement[bool], limit: int | None = None) -> CTE:
    # Materialized: PostgreSQL may run a plain subquery again after each lock and pass its limit. Rows that
    # another worker holds are skipped: nobody waits here, so no two workers can wait for each other.
    wanted = select(Delivery.id).where(*conditions)
    wanted = wanted.order_by(col(Delivery.not_before), col(Delivery.id)).limit(limit)
    return wanted.with_for_update(skip_locked=True).cte("wanted").prefix_with("MATERIALIZED")


def _in(rows: CTE) -> ColumnElement[bool]:
    return col(Delivery.id).in_(select(rows.c.id))


def recover(session: Session, workspace_id: str, now: datetime, look_up_at: datetime) -> tuple[int, int]:
    """Take over what dead workers left: (claims set free, posts whose outcome is now unknown)."""
    expired = (col(Delivery.workspace_id) == workspace_id, col(Delivery.lease_until) < now)
    claimed = _locked(*expired, col(Delivery.state) == State.CLAIMED)
    ready = {"state": State.READY.value, "fence": Delivery.fence + 1}
    posted = _locked(*expired, col(Delivery.state) == State.SENDING)
    unknown = {"state": State.UNKNOWN.value, "reason": "lease expired", "not_before": look_up_at}
    return _set(session, claimed, ready), _set(session, posted, unknown)


def _set(session: Session, rows: CTE, values: dict[str, Any]) -> int:
    # SQLite's driver does not count the rows of a statement that begins with WITH.
    statement = update(Delivery).where(_in(rows)).values(**values, **FREE).returning(col(Delivery.id))
    return len(session.scalars(statement, execution_options=_AS_IN_DATABASE).all())


def take_unknown(session: Session, workspace_id: str, now: datetime, try_again: datetime) -> Delivery | None:
    """One message to look up in Slack's history; nobody else looks it up before `try_again`."""
    wanted = _locked(
        col(Delivery.workspace_id) == workspace_id,
        col(Delivery.state) == State.UNKNOWN,
        col(Delivery.not_before) <= now,
        limit=1,
    )
    statement = update(Delivery).where(_in(wanted)).values(not_before=try_again).returning(Delivery)
    return session.scalars(statement, execution_options=_AS_IN_DATABASE).first()


def take_for_sweep(session: Session, workspace_id: str, now: datetime, try_again: datetime) -> Delivery | None:
    """One finished message that may be there twice; nobody else looks for its double before `try_again`."""
    finished = [state.value for state in FINAL]
    wanted = _locked(
        col(Delivery.workspace_id) == workspace_id,
        col(Delivery.sweep_at) <= now,
        col(Delivery.state).in_(finished),
        limit=1,
    )
    statement = update(Delivery).where(_in(wanted)).values(sweep_at=try_again).returning(Delivery)
    return session.scalars(statement, execution_options=_AS_IN_DATABASE).first()
