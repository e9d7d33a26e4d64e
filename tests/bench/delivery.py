"""What a message costs from claim to mark, beside the same post and three raw commits of its one row."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from statistics import median

from sqlalchemy import Engine
from sqlmodel import col, select

from bot.delivery import Message
from storage.database import session_factory
from storage.tables import Delivery
from tests.bench import databases, digest_rows, digest_work
from tests.bench.delivery_floor import Floor, floor
from tests.bench.delivery_rows import log_settled
from tests.bench.delivery_slack import slack
from tests.bench.delivery_work import A_RUN, Worker, add_workspace, plan, saying, timed_run
from tests.bench.digest_work import Batch
from tests.bench.lines import Line, at_most_times
from tests.bench.size import Size

MOST_TIMES = 2.5
DAYS_A_WEEK = 5
# A kind that nobody composes: ours leaves it alone.
FLOORS = "floor"


def on_sqlite(size: Size) -> list[Line]:
    return _bench("delivery-sqlite", databases.sqlite(), size)


def on_postgresql(size: Size) -> list[Line]:
    return _bench("delivery-postgresql", databases.postgresql(), size)


def _bench(name: str, database: AbstractContextManager[Engine], size: Size) -> list[Line]:
    """Milliseconds a message: medians over ticks, each as long as the rate of production lets it be."""
    people = [digest_rows.person_id(number) for number in range(size.few + A_RUN)]
    with database as engine, slack() as client:
        digest_rows.fill(engine, len(people), DAYS_A_WEEK)
        add_workspace(engine)
        messages = _messages(engine, people)
        worker = Worker(engine, client, saying(messages))
        with log_settled(engine), floor(engine, client) as raw:
            crowds = [people[start : start + A_RUN] for start in range(0, len(people), A_RUN)]
            times = [_turn(engine, worker, raw, crowd, messages) for crowd in crowds]
    # The first crowd opened the connections.
    ours, least = (median(seconds) * 1000 for seconds in zip(*times[1:], strict=True))
    return [at_most_times(name, ours, least, "ms", MOST_TIMES)]


def _messages(engine: Engine, people: Batch) -> dict[str, Message]:
    """Everybody's digest, by person: composing them is measured elsewhere."""
    return dict(zip(people, digest_work.compose(session_factory(engine), people), strict=True))


def _turn(
    engine: Engine, worker: Worker, raw: Floor, crowd: Batch, messages: Mapping[str, Message]
) -> tuple[float, float]:
    """Seconds a message of ours and of the floor for these people."""
    plan(engine, crowd)
    ours = timed_run(worker, len(crowd))
    plan(engine, crowd, kind=FLOORS)
    ids = _ids(engine, crowd)
    started = time.perf_counter()
    raw.send_all(ids, messages)
    return ours / len(crowd), (time.perf_counter() - started) / len(crowd)


def _ids(engine: Engine, crowd: Batch) -> dict[str, str]:
    wanted = select(Delivery.person_id, Delivery.id).where(
        col(Delivery.kind) == FLOORS, col(Delivery.person_id).in_(crowd)
    )
    with session_factory(engine)() as session:
        return dict(session.exec(wanted).all())
