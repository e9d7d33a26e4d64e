"""A ledger with some entries, and how it is looked at."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.ledger.chain import OPENED, record
from bot.ledger.verifying import Looked, look
from storage import ledger
from storage.database import SessionFactory, reading
from storage.tables import LedgerEntry, LedgerHead

# Not from `tests.candor`: processes of their own that write would each load the whole bot first.
SINCE = datetime(2026, 11, 18, 12, tzinfo=UTC)


def write(
    sessions: SessionFactory, number: int, since: datetime = SINCE, every: timedelta = timedelta(hours=1)
) -> None:
    """So many more entries, one after the other."""
    for each in range(number):
        with sessions.begin() as session:
            record(
                session,
                since + each * every,
                who=f"U{each}",
                what=OPENED,
                about="Engineering / Payments",
                season=1,
                teams=(2,),
            )


def entries_in(sessions: SessionFactory) -> list[LedgerEntry]:
    with reading(sessions) as session:
        return list(ledger.entries(session))


def head_of(sessions: SessionFactory) -> LedgerHead:
    with reading(sessions) as session:
        found = ledger.head(session)
    assert found is not None
    return found


def looked_at(sessions: SessionFactory, asked: Sequence[int] = ()) -> Looked:
    with reading(sessions) as session:
        return look(ledger.stored(session), ledger.checkpoint(session), ledger.stored_head(session), asked)
