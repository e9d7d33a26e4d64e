"""Sealed ballots. Writing one changes nothing else in the database, and nothing reads a single one of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, LargeBinary, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, func, select

from storage.tables import PulseComment, SealedBallot, Tally, Wave
from storage.waves import State

# 100,000 ballots are read in pieces: all at once they would take 270 MB.
PIECE = 1000


def put(connection: Connection, wave: str, tag: bytes, sealed: bytes, now: datetime) -> bool:
    """Store a ballot, or replace the one under this tag; False, and nothing, when the wave takes none any more.

    One statement: a wave that closes at the same moment either counts this ballot or refuses it.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = select(literal(tag, LargeBinary), col(Wave.id), literal(sealed, LargeBinary)).where(
        col(Wave.id) == wave, col(Wave.state) == State.OPEN.value, col(Wave.closes_at) > now
    )
    into = insert(SealedBallot).from_select(["tag", "wave", "sealed"], row)
    once = into.on_conflict_do_update(index_elements=["tag"], set_={"sealed": into.excluded.sealed})
    return connection.execute(once, execution_options={"preserve_rowcount": True}).rowcount == 1


def count(session: Session, wave: str) -> int:
    """How many ballots a wave has. For closing it, and for nobody to see."""
    return session.exec(select(func.count()).select_from(SealedBallot).where(SealedBallot.wave == wave)).one()


def sealed(session: Session, wave: str) -> Iterator[tuple[bytes, bytes]]:
    """Each (tag, sealed) of a wave, in the order of the tags."""
    rows = select(SealedBallot.tag, SealedBallot.sealed).where(SealedBallot.wave == wave)
    yield from session.exec(rows.order_by(col(SealedBallot.tag)), execution_options={"yield_per": PIECE})


def delete_all(session: Session, wave: str) -> int:
    """Delete a wave's ballots; returns how many there were."""
    return session.exec(delete(SealedBallot).where(col(SealedBallot.wave) == wave)).rowcount


def publish(session: Session, tallies: Sequence[Tally], comments: Sequence[PulseComment]) -> None:
    """Store what is published of a wave."""
    session.add_all([*tallies, *comments])
    session.flush()


def tallies(session: Session) -> Sequence[Tally]:
    """What is published of every wave that has closed."""
    shown = select(Tally).join(Wave, col(Wave.id) == col(Tally.wave)).where(Wave.state == State.CLOSED.value)
    return session.exec(shown).all()


def comments(session: Session, wave: str) -> Sequence[str]:
    """The comments of a wave that has closed, in an order that says nothing of when they came."""
    shown = select(PulseComment.text).join(Wave, col(Wave.id) == col(PulseComment.wave))
    of_wave = shown.where(PulseComment.wave == wave, Wave.state == State.CLOSED.value)
    return session.exec(of_wave.order_by(col(PulseComment.id))).all()
