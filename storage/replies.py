"""What HR writes about a promise after a pulse: added, never changed or removed."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.inserting import insert
from storage.tables import ClauseReply

# Built once: every Home tab shows them.
_EVERY = select(ClauseReply).order_by(col(ClauseReply.written_at), col(ClauseReply.id))


def add(session: Session, reply: str, *, clause: str, wave: int, text: str, by: str, now: datetime) -> bool:
    """Store a reply under the id `reply`; False, and nothing, when this id has one: a form that was sent twice."""
    row = {"id": reply, "clause": clause, "wave": wave, "text": text, "written_by": by, "written_at": now}
    once = insert(session, ClauseReply).values(**row).on_conflict_do_nothing(index_elements=["id"])
    return session.connection().execute(once, execution_options={"preserve_rowcount": True}).rowcount == 1


def every(session: Session) -> Sequence[ClauseReply]:
    """All replies, oldest first."""
    return session.exec(_EVERY).all()
