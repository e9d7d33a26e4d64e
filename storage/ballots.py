"""Sealed ballots. Writing one changes nothing else in the database, and nothing reads a single one of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Executable, LargeBinary, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, func, select

from storage.tables import PulseComment, SealedBallot, Tally, Wave
from storage.waves import State

# 100,000 ballots are read in pieces: all at once they would take 270 MB.
PIECE = 1000

# Built once: every Home tab shows them.
_TALLIES = select(Tally).join(Wave, col(Wave.id) == col(Tally.wave)).where(Wave.state == State.CLOSED.value)


def _put(insert_into: Callable[..., Any]) -> Executable:
    tag, sealed = (bindparam(name, type_=LargeBinary) for name in ("tag", "sealed"))
    row = select(tag, col(Wave.id), sealed).where(
        col(Wave.id) == bindparam("of_wave"),
        col(Wave.state) == State.OPEN.value,
        col(Wave.closes_at) > bindparam("moment"),
    )
    into = insert_into(SealedBallot).from_select(["tag", "wave", "sealed"], row)
    once = into.on_conflict_do_update(index_elements=["tag"], set_={"sealed": into.excluded.sealed})
    made: Executable = once.execution_options(preserve_rowcount=True)
    return made


# Built once: that takes several times as long as running it, and a person waits.
_PUT = {"postgresql": _put(postgresql.insert), "sqlite": _put(sqlite.insert)}


def put(connection: Connection, wave: str, tag: bytes, sealed: bytes, now: datetime) -> bool:
    """Store a ballot, or replace the one under this tag; False, and nothing, when the wave takes none any more.

    One statement: a wave that closes at the same moment either counts this ballot or refuses it.
    """
    values = {"tag": tag, "of_wave": wave, "sealed": sealed, "moment": now}
    return connection.execute(_PUT[connection.dialect.name], values).rowcount == 1


def count(session: Session, wave: str) -> int:
    """How many ballots a wave has. For closing it, and for nobody to see."""
    return session.exec(select(func.count()).select_from(SealedBallot).where(SealedBallot.wave == wave)).one()


def fewer_than(session: Session, wave: str, number: int) -> bool:
    """Whether a wave has fewer ballots than this. Reads no more of them than it takes to say so."""
    some = select(SealedBallot.tag).where(SealedBallot.wave == wave).limit(number).subquery()
    return session.exec(select(func.count()).select_from(some)).one() < number


def sealed(session: Session, wave: str) -> Iterator[tuple[bytes, bytes]]:
    """Each (tag, sealed) of a wave, in no order: sorting 100,000 would cost more than reading them."""
    rows = select(SealedBallot.tag, SealedBallot.sealed).where(SealedBallot.wave == wave)
    yield from session.exec(rows, execution_options={"yield_per": PIECE})


def by_ciphertext(session: Session, wave: str) -> Iterator[tuple[bytes, bytes]]:
    """Each (tag, sealed) of a wave, ordered by `sealed`, which begins with the ciphertext, for the trustee: an order
    that says nothing of who or when."""
    rows = select(SealedBallot.tag, SealedBallot.sealed).where(SealedBallot.wave == wave)
    yield from session.exec(rows.order_by(col(SealedBallot.sealed)), execution_options={"yield_per": PIECE})


def delete_all(session: Session, wave: str) -> int:
    """Delete a wave's ballots; returns how many there were. The caller owes a scrub, which wipes their bytes."""
    with _wiped_later(session):
        return session.exec(delete(SealedBallot).where(col(SealedBallot.wave) == wave)).rowcount


@contextmanager
def _wiped_later(session: Session) -> Iterator[None]:
    """What is deleted here is not also overwritten page by page: SQLite would write all of it to its log once more.

    Only for what is ciphertext, and is wiped by rebuilding the file before its key dies.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def publish(session: Session, wave: str, tallies: Sequence[Tally], comments: Mapping[str, str]) -> None:
    """Store what is published of a wave: its tallies, and each comment by the fingerprint of its text."""
    texts = [{"wave": wave, "id": id, "text": text} for id, text in comments.items()]
    for table, rows in ((Tally, [each.model_dump() for each in tallies]), (PulseComment, texts)):
        if rows:
            session.connection().execute(insert(table), rows)


def tallies(session: Session) -> Sequence[Tally]:
    """What is published of every wave that has closed."""
    return session.exec(_TALLIES).all()


def comments(session: Session, wave: str) -> Sequence[str]:
    """The comments of a wave that has closed, in an order that says nothing of when they came."""
    shown = select(PulseComment.text).join(Wave, col(Wave.id) == col(PulseComment.wave))
    of_wave = shown.where(PulseComment.wave == wave, Wave.state == State.CLOSED.value)
    return session.exec(of_wave.order_by(col(PulseComment.id))).all()
