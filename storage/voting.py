"""Who may answer a pulse, and which. Nothing here writes: that somebody asked for a form, or sent one, is not kept."""

from typing import NamedTuple

from sqlalchemy import and_, bindparam
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from storage.tables import Person, Wave


class Member(NamedTuple):
    """What a ballot needs of somebody known and active: IANA zone, and whether they lead people."""

    tz: str
    is_manager: bool


_WAVE = Wave.__table__  # type: ignore[attr-defined]
_WHO = and_(col(Person.id) == bindparam("person"), col(Person.active))
# Built once, and not through the ORM: a person waits for the answer.
_MEMBER = sa_select(col(Person.tz), col(Person.is_manager)).where(_WHO)
_BOTH = sa_select(_WAVE, col(Person.tz), col(Person.is_manager)).select_from(_WAVE.outerjoin(Person, _WHO))
_ABOUT = _BOTH.where(_WAVE.c.id == bindparam("wave"))


def member(session: Session, person: str) -> Member | None:
    """The person; None for anybody who is not known and active."""
    row = session.connection().execute(_MEMBER, {"person": person}).one_or_none()
    return Member(*row) if row is not None else None


def member_and_wave(session: Session, person: str, wave: str) -> tuple[Member | None, Wave | None]:
    """The person as `member`, and the wave with this id, whatever its state."""
    row = session.connection().execute(_ABOUT, {"person": person, "wave": wave}).one_or_none()
    if row is None:
        return None, None
    *values, tz, is_manager = row
    found = Wave(**dict(zip(_WAVE.columns.keys(), values, strict=True)))
    return Member(tz, is_manager) if tz is not None else None, found
