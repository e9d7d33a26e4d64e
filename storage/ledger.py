"""The ledger's rows: appended one at a time, in one order."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.inserting import insert
from storage.tables import LedgerCheckpoint, LedgerEntry, LedgerHead

_HEAD = 1


def hold_head(session: Session) -> LedgerHead:
    """The head of the chain; until the transaction ends, nobody else appends."""
    session.connection().execute(
        insert(session, LedgerHead).values(id=_HEAD, number=0, hash="").on_conflict_do_nothing(index_elements=["id"])
    )
    # Read again by whoever had to wait: what another transaction appended counts.
    statement = select(LedgerHead).where(LedgerHead.id == _HEAD).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one()


def append(session: Session, head: LedgerHead, entry: LedgerEntry) -> None:
    """Add the entry, which follows `head`, and move the head on to it."""
    session.add(entry)
    head.number, head.hash = entry.number, entry.hash
    session.add(head)
    session.flush()


def head(session: Session) -> LedgerHead | None:
    """The newest entry's number and hash; None before the first."""
    return session.get(LedgerHead, _HEAD)


def entries(session: Session, after: int = 0) -> Sequence[LedgerEntry]:
    """The entries after this number, oldest first."""
    return session.exec(
        select(LedgerEntry).where(col(LedgerEntry.number) > after).order_by(col(LedgerEntry.number))
    ).all()


def checkpoint(session: Session) -> LedgerCheckpoint | None:
    """Up to where entries were deleted; None while all are there."""
    return session.exec(select(LedgerCheckpoint).order_by(col(LedgerCheckpoint.number).desc()).limit(1)).first()
