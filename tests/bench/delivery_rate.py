"""How many messages a second one worker sends, digests composed from the database, beside what Slack takes."""

import time
from contextlib import AbstractContextManager

from sqlalchemy import Engine, text

from bot.delivery import Tally
from bot.digest.jobs import compose
from tests.bench import databases, digest_rows
from tests.bench.delivery_rows import log_settled
from tests.bench.delivery_slack import slack
from tests.bench.delivery_work import A_RUN, Worker, add_workspace, plan
from tests.bench.lines import Line
from tests.bench.size import Size

# The highest limit that anybody has published: 525 a minute.
SLACKS = 9.0
LEAST = 10 * SLACKS
DAYS_A_WEEK = 5
UNIT = "messages/s"


def on_sqlite(size: Size) -> list[Line]:
    return _bench("delivery-rate-sqlite", databases.sqlite(), size)


def on_postgresql(size: Size) -> list[Line]:
    return _bench("delivery-rate-postgresql", databases.postgresql(), size)


def _bench(name: str, database: AbstractContextManager[Engine], size: Size) -> list[Line]:
    """Everybody's digest, from the first claim to the last mark; the waiting between two ticks does not count."""
    people = [digest_rows.person_id(number) for number in range(size.few)]
    with database as engine, slack() as client:
        digest_rows.fill(engine, len(people), DAYS_A_WEEK)
        _all_due_now(engine)
        add_workspace(engine)
        plan(engine, people)
        with log_settled(engine):
            sent, seconds = _send(Worker(engine, client, compose), len(people))
    rate = sent / seconds
    return [Line(name, rate, SLACKS, UNIT, f"ours ≥ {LEAST:g} {UNIT}", rate >= LEAST)]


def _all_due_now(engine: Engine) -> None:
    """The company lives in one zone and has its digest at the same hour."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE person SET tz = 'UTC'"))
        connection.execute(text("UPDATE preference SET weekday = 0, hour = 9"))


def _send(worker: Worker, people: int) -> tuple[int, float]:
    """How many messages were sent, in how many seconds."""
    started = time.perf_counter()
    runs = [worker.run() for _ in range(-(-people // A_RUN))]
    seconds = time.perf_counter() - started
    assert sum(_done(tally) for tally in runs) == people, runs
    return sum(tally.sent for tally in runs), seconds


def _done(tally: Tally) -> int:
    """Some have nothing to say."""
    return tally.sent + tally.dropped
