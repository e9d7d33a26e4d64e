"""python -m tests.replicas.measure: how many messages a second the database alone lets several workers take and mark.

Claim, intent and mark are the product's own statements and transactions; nothing is posted, so Slack's time and its
rate are left out.
"""

import multiprocessing
import time
from datetime import UTC, datetime
from threading import Barrier

from bot.delivery import DeliverySettings
from storage import deliveries, leases
from storage.database import SessionFactory, open_engine, session_factory
from storage.deliveries import DIGEST, Owed
from storage.leases import Terms
from storage.tables import Person, Workspace
from tests.bench import databases

MESSAGES = 3000
WORKERS = (1, 3, 6)
WEEK = "2026-W48"
SETTINGS = DeliverySettings(per_minute=10**6, burst=10**5)
_PROCESSES = multiprocessing.get_context("forkserver")


def work(url: str, name: str, ready: Barrier) -> None:
    """Take and mark until nothing is left."""
    engine = open_engine(url)
    sessions = session_factory(engine)
    engine.connect().close()
    ready.wait()
    while _batch(sessions, Terms("T1", name, (DIGEST,), SETTINGS.lease, SETTINGS.batch, SETTINGS.rate)):
        pass
    ready.wait()


def _batch(sessions: SessionFactory, terms: Terms) -> bool:
    now = datetime.now(UTC)
    with sessions.begin() as session:
        claim = leases.claim(session, terms, due_by=now, now=now)
    for row in claim.rows:
        with sessions.begin() as session:
            assert deliveries.start(session, row, now, terms.lease)
        with sessions.begin() as session:
            assert deliveries.mark_sent(session, row, now, channel="D1", ts="1.0", holds_figures=False)
    return bool(claim.rows)


def fill(sessions: SessionFactory) -> None:
    """Everybody is owed a message."""
    ids = [f"U{number:05}" for number in range(MESSAGES)]
    now = datetime.now(UTC)
    with sessions.begin() as session:
        session.add(Workspace(id="T1", name="Halden Labs"))
        session.add_all(Person(id=who, tz="UTC") for who in ids)
        session.flush()
        deliveries.plan(session, "T1", (Owed(who, DIGEST, WEEK, now) for who in ids))


def measured(url: str, workers: int) -> float:
    """Messages a second."""
    ready = _PROCESSES.Barrier(workers + 1, timeout=60)
    started = [_PROCESSES.Process(target=work, args=(url, f"worker {n}", ready)) for n in range(workers)]
    for process in started:
        process.start()
    ready.wait()
    began = time.perf_counter()
    ready.wait()
    seconds = time.perf_counter() - began
    for process in started:
        process.join()
    return MESSAGES / seconds


def main() -> None:
    for kind, database in (("sqlite", databases.sqlite), ("postgresql", databases.postgresql)):
        for workers in WORKERS:
            with database() as engine:
                fill(session_factory(engine))
                url = engine.url.render_as_string(hide_password=False)
                print(f"{kind}, {workers} workers: {measured(url, workers):.0f} messages a second", flush=True)


if __name__ == "__main__":
    main()
