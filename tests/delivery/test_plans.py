"""On SQLite, which keeps no statistics of its own accord, no statement of a tick reads more than it looks for."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from storage import leases
from storage.database import open_engine, session_factory, upgrade
from storage.deliveries import DIGEST
from storage.leases import Terms
from tests.bench.statements import listening
from tests.delivery.world import FAST, MONDAY, WORKSPACE, install

TERMS = Terms(WORKSPACE, "one", (DIGEST,), FAST.lease, FAST.batch, FAST.rate)
MINUTE = timedelta(minutes=1)
# By the first column of a key that every delivery of the workspace shares, or by none.
READS_ALL = ("(workspace_id=?)", "SCAN delivery")


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'candor.db'}")
    upgrade(engine)
    install(session_factory(engine))
    yield engine
    engine.dispose()


TAKES: dict[str, Callable[[Session], object]] = {
    "a claim": lambda session: leases.claim(session, TERMS, due_by=MONDAY, now=MONDAY),
    "a takeover": lambda session: leases.recover(session, WORKSPACE, MONDAY, MONDAY),
    "a look-up": lambda session: leases.take_unknown(session, WORKSPACE, MONDAY, MONDAY + MINUTE),
    "a sweep": lambda session: leases.take_for_sweep(session, WORKSPACE, MONDAY, MONDAY + MINUTE),
}


@pytest.mark.parametrize("name", TAKES)
def test_what_is_looked_for_is_found_without_reading_every_delivery(sqlite: Engine, name: str) -> None:
    with listening(sqlite) as steps, session_factory(sqlite).begin() as session:
        TAKES[name](session)
    taken = [step for step in steps if "UPDATE delivery" in step.sql]
    assert taken
    for step in taken:
        with sqlite.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {step.sql}", step.values).all()
        assert [row.detail for row in plan if row.detail.endswith(READS_ALL)] == []
