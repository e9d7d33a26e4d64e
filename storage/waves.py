"""Waves: at most one at a time takes ballots, and each goes one way only.

open -> closing -> counted -> closed
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import Session, col, select, update

from storage.tables import Wave


class State(StrEnum):
    """The states of a wave."""

    OPEN = "open"
    CLOSING = "closing"
    COUNTED = "counted"
    CLOSED = "closed"


# Built once: every Home tab begins with it.
_EVERY = select(Wave).order_by(col(Wave.number))


def lock_opening(session: Session) -> None:
    """Until the transaction ends, nobody else opens a wave. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sql("LOCK TABLE wave IN SHARE ROW EXCLUSIVE MODE"))


def lock_ballots(session: Session) -> None:
    """Until the transaction ends, no ballot comes in; those on their way are in by now."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sql("LOCK TABLE ballot IN EXCLUSIVE MODE"))


def add(session: Session, wave: Wave) -> Wave:
    """Store a new wave; the caller holds `lock_opening`."""
    session.add(wave)
    session.flush()
    return wave


def newest(session: Session) -> Wave | None:
    """The wave that was opened last, whatever its state."""
    return session.exec(select(Wave).order_by(col(Wave.number).desc()).limit(1)).first()


def unfinished(session: Session) -> Wave | None:
    """The wave that has not closed; None when all have. There is never more than one."""
    return session.exec(select(Wave).where(Wave.state != State.CLOSED.value)).first()


def taking(session: Session, now: datetime) -> Wave | None:
    """The wave that takes ballots at this moment."""
    taken = select(Wave).where(Wave.state == State.OPEN.value, col(Wave.closes_at) > now)
    return session.exec(taken).first()


def closed(session: Session) -> Sequence[Wave]:
    """Every wave whose outcome everybody sees, oldest first."""
    return session.exec(_EVERY.where(Wave.state == State.CLOSED.value)).all()


def with_lost_keys(session: Session) -> Sequence[str]:
    """The ids of closed waves whose keys were not in their place when they ended."""
    lost = select(Wave.id).where(Wave.state == State.CLOSED.value, col(Wave.keys_lost))
    return session.exec(lost).all()


def every(session: Session) -> Sequence[Wave]:
    """Every wave, oldest first."""
    return session.exec(_EVERY).all()


def by_id(session: Session, wave: str) -> Wave | None:
    """The wave with this id, as the database has it now; None when there is none."""
    return session.get(Wave, wave, populate_existing=True)


def by_number(session: Session, number: int) -> Wave | None:
    """The wave with this number; None when there is none."""
    return session.exec(select(Wave).where(Wave.number == number)).first()


def move(session: Session, wave: str, before: State, after: State, **values: Any) -> bool:
    """Bring a wave from one state to the next; False, and nothing, when another replica has."""
    mine = update(Wave).where(col(Wave.id) == wave, col(Wave.state) == before.value)
    return session.exec(mine.values(state=after.value, **values)).rowcount == 1


def keys_destroyed(session: Session, wave: str) -> None:
    """The keys of a closed wave came back after all, and are destroyed."""
    session.exec(update(Wave).where(col(Wave.id) == wave).values(keys_lost=False))


def announce(session: Session, wave: str, mark: str, proof: str) -> bool:
    """Store the fingerprint of what goes to the trustee, and its proof; False, and nothing: another replica has."""
    mine = update(Wave).where(
        col(Wave.id) == wave, col(Wave.state) == State.CLOSING.value, col(Wave.export_mark).is_(None)
    )
    return session.exec(mine.values(export_mark=mark, export_proof=proof)).rowcount == 1


def end_now(session: Session, wave: str, now: datetime) -> bool:
    """Let the wave take ballots until `now` only; False, and nothing, when its time is over already."""
    taking = update(Wave).where(col(Wave.id) == wave, col(Wave.state) == State.OPEN.value, col(Wave.closes_at) > now)
    return session.exec(taking.values(closes_at=now)).rowcount == 1


def stop(session: Session, wave: str, outcome: str, reason: str) -> bool:
    """End a wave that has not been counted without results; the caller holds `lock_ballots`, and deletes what there is.

    False, and nothing, when it has been counted.
    """
    uncounted = update(Wave).where(col(Wave.id) == wave, col(Wave.state).in_((State.OPEN.value, State.CLOSING.value)))
    return session.exec(uncounted.values(state=State.COUNTED.value, outcome=outcome, reason=reason)).rowcount == 1
