"""A ledger with some entries, and how it is looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.ledger.chain import OPENED, record
from bot.ledger.verifying import Looked, look
from storage import ledger
from storage.database import SessionFactory, reading
from storage.tables import LedgerEntry, LedgerHead
from tests.candor import START


def write(
    sessions: SessionFactory, number: int, since: datetime = START, every: timedelta = timedelta(hours=1)
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
        return look(ledger.entries(session), ledger.checkpoint(session), ledger.head(session), asked)
