"""What a message costs the database when few wait for theirs, and when many wait and as many have had one."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Engine, event
from sqlmodel import Session

from bot.delivery import Message
from storage.tables import Delivery
from tests.bench import databases, delivery_rows, digest_rows
from tests.bench.delivery_rows import log_settled
from tests.bench.delivery_slack import slack
from tests.bench.delivery_work import A_RUN, Worker, plan
from tests.bench.lines import Line, at_most_times
from tests.bench.size import Size

# An index of a hundred times the rows is one level deeper, and fewer of its pages are in a cache: that was measured as
# 1.0 to 1.2. One look a tick through all that wait and all that were sent made it 2.7.
MOST_TIMES = 1.3

Database = AbstractContextManager[Engine]


def on_sqlite(size: Size) -> list[Line]:
    return _bench("delivery-flat-sqlite", databases.sqlite(), databases.sqlite(), size)


def on_postgresql(size: Size) -> list[Line]:
    return _bench("delivery-flat-postgresql", databases.postgresql(), databases.postgresql(), size)


def _bench(name: str, large: Database, small: Database, size: Size) -> list[Line]:
    """Milliseconds a message during which a connection is held: of many ("ours") and of few ("floor").

    A connection is never held during a post, so that the time of the post cannot hide what the database's becomes.
    """
    with large as many, small as few, slack() as client:
        delivery_rows.fill(many, _people(size.many), finished=True)
        delivery_rows.fill(few, _people(size.few), finished=False)
        with log_settled(many), log_settled(few):
            workers = {engine: Worker(engine, client, _greeting) for engine in (many, few)}
            times = [[_turn(*each, number) for each in workers.items()] for number in range(size.rounds + 1)]
    # The first turn opened the connections.
    ours, floor = (median(seconds) * 1000 for seconds in zip(*times[1:], strict=True))
    return [at_most_times(name, ours, floor, "ms", MOST_TIMES)]


def _people(number: int) -> list[str]:
    return [digest_rows.person_id(each) for each in range(number)]


def _greeting(_session: Session, rows: Sequence[Delivery], _now: datetime) -> Mapping[str, Message]:
    return {row.id: Message("Your week", [], holds_figures=True) for row in rows}


def _turn(engine: Engine, worker: Worker, number: int) -> float:
    """Seconds a message of one tick; as many as it sent are planned anew, so that those who wait do not grow fewer."""
    with held(engine) as seconds:
        sent = worker.run().sent
    plan(engine, _people(sent), week=f"turn {number}")
    assert 0 < sent <= A_RUN
    return sum(seconds) / sent


@contextmanager
def held(engine: Engine) -> Iterator[list[float]]:
    """The seconds of every time for which one of the engine's connections is held; from one thread only."""
    seconds: list[float] = []
    since = 0.0

    def taken(*_: Any) -> None:
        nonlocal since
        since = time.perf_counter()

    def given_back(*_: Any) -> None:
        seconds.append(time.perf_counter() - since)

    listeners = {"checkout": taken, "checkin": given_back}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield seconds
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
