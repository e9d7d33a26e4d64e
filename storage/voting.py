"""What a ballot reads: everybody who may answer, and the wave.

Nobody is looked up by id here: a database server can be told to log every statement, and one with a person's id in it,
right before the one that stores a ballot, would say whose tag that is. Nothing here writes, either.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam
from sqlalchemy import select as sa_select
from sqlmodel import col

from storage.tables import Person, Wave

# The rows of 100,000 people in one piece would take more memory than all that is kept of them.
PIECE = 2000


class Member(NamedTuple):
    """What a ballot needs of somebody known and active: IANA zone, and whether they lead people."""

    tz: str
    is_manager: bool


class BallotWave(NamedTuple):
    """What a ballot needs of its wave, whatever the wave's state."""

    id: str
    key_mark: str
    closes_at: datetime
    questions: list[dict[str, Any]]


# Built once, and not through the ORM: a person waits for the answer.
_EVERYBODY = sa_select(col(Person.id), col(Person.tz), col(Person.is_manager)).where(col(Person.active))
_WAVE = sa_select(col(Wave.id), col(Wave.key_mark), col(Wave.closes_at), col(Wave.questions))
_BY_ID = _WAVE.where(col(Wave.id) == bindparam("wave"))


def everybody(connection: Connection) -> Iterator[tuple[str, Member]]:
    """Each active person by id, in one statement."""
    for person, tz, is_manager in connection.execute(_EVERYBODY, execution_options={"yield_per": PIECE}):
        yield person, Member(tz, is_manager)


def wave(connection: Connection, wave: str) -> BallotWave | None:
    """The wave with this id; None when there is none."""
    row = connection.execute(_BY_ID, {"wave": wave}).one_or_none()
    return BallotWave(*row) if row is not None else None
