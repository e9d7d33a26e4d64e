"""The ledger's rows: appended one at a time, in one order."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, delete, func, select

from storage import ledger_rows
from storage.database import owe_scrub
from storage.inserting import insert
from storage.ledger_rows import Unreadable
from storage.tables import LedgerCheckpoint, LedgerEntry, LedgerHead

_HEAD = 1
_READ_AT_ONCE = 1000
_ENDLESS = 2**62


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


def checkpoint(session: Session) -> LedgerCheckpoint | None:
    """Up to where entries were deleted; None while all are there."""
    newest = sa_select(*ledger_rows.columns(session, LedgerCheckpoint)).order_by(col(LedgerCheckpoint.number).desc())
    row = session.connection().execute(newest.limit(1)).first()
    return ledger_rows.checkpoint(session, row) if row else None


def stored_head(session: Session) -> LedgerHead | Unreadable | None:
    """As `head`, also where a hand has made it unreadable."""
    newest = sa_select(*ledger_rows.columns(session, LedgerHead)).where(col(LedgerHead.id) == _HEAD)
    row = session.connection().execute(newest).first()
    return ledger_rows.head(session, row) if row else None


def stored(session: Session) -> Iterator[LedgerEntry | Unreadable]:
    """All entries, oldest first, one after the other, also those that a hand has made unreadable."""
    return _read(session, _in_order(session))


def entries(session: Session) -> Iterator[LedgerEntry]:
    """All entries that can be read, oldest first, one after the other."""
    return (entry for entry in stored(session) if isinstance(entry, LedgerEntry))


def up_to(session: Session, last: int) -> Iterator[LedgerEntry | Unreadable]:
    """As `stored`, up to this number."""
    return _read(session, _in_order(session).where(col(LedgerEntry.number) <= last))


def _in_order(session: Session) -> Select[Any]:
    return sa_select(*ledger_rows.columns(session, LedgerEntry)).order_by(col(LedgerEntry.number))


def _read(session: Session, some: Select[Any]) -> Iterator[LedgerEntry | Unreadable]:
    rows = session.connection().execute(some, execution_options={"yield_per": _READ_AT_ONCE})
    return (ledger_rows.entry(session, row) for row in rows)


def last_before(session: Session, moment: datetime) -> int | None:
    """The last of the first entries that are all from before this moment; None when there is none."""
    number = col(LedgerEntry.number)
    kept = select(func.min(number)).where(col(LedgerEntry.at) >= moment)
    older = select(func.max(number)).where(number < func.coalesce(kept.scalar_subquery(), _ENDLESS))
    return session.exec(older).one()


def put_behind(session: Session, made: LedgerCheckpoint) -> None:
    """Delete the entries up to the checkpoint's, and the checkpoints before it."""
    session.exec(delete(LedgerCheckpoint))
    session.exec(delete(LedgerEntry).where(col(LedgerEntry.number) <= made.number))
    session.add(made)
    owe_scrub(session)
    session.flush()


def newest_about(session: Session, what: str, about: str) -> LedgerEntry | None:
    """The newest entry of this kind with these words; None when there is none, or it cannot be read."""
    found = sa_select(*ledger_rows.columns(session, LedgerEntry)).where(
        col(LedgerEntry.what) == what, col(LedgerEntry.about) == about
    )
    row = session.connection().execute(found.order_by(col(LedgerEntry.number).desc()).limit(1)).first()
    entry = ledger_rows.entry(session, row) if row else None
    return entry if isinstance(entry, LedgerEntry) else None


def about(session: Session, what: str) -> frozenset[str]:
    """What the entries of this kind are about."""
    return frozenset(session.exec(select(LedgerEntry.about).where(LedgerEntry.what == what)))
