"""A process of its own that makes a release. Around its transaction, and before what it first writes to some of the
tables, it says so and waits: there it can be killed."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import event

from bot.teams.releasing import release_due
from storage.database import SessionFactory, open_engine, session_factory
from tests.delivery.process import Watched
from tests.policy.publishing import worker

ENDED = "ended"
_TABLES = ("season", "cohort", "release", "release_cell", "ledger_entry")
# In this order, where the release opens a season.
STEPS = ("begins", *_TABLES, "commits")


def started(sessions: SessionFactory, now: datetime) -> AbstractContextManager[worker.Worker]:
    """Start it on this database; whatever happens, it does not outlive the test."""
    return worker.started(sessions, "release", "nobody", now, "tests.teams.worker")


def _stands_at(step: str) -> None:
    print(step, flush=True)
    sys.stdin.readline()


def _telling() -> Callable[..., None]:
    """Stands still at the first insert into each table."""
    left = list(_TABLES)

    def before(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if left and statement.split()[:3] == ["INSERT", "INTO", left[0]]:
            _stands_at(left.pop(0))

    return before


if __name__ == "__main__":
    address, _, _, moment = sys.argv[1:]
    engine = open_engine(address)
    event.listen(engine, "before_cursor_execute", _telling())
    watched = Watched(session_factory(engine), lambda: _stands_at("begins"), lambda: _stands_at("commits"))
    release_due(watched, datetime.fromisoformat(moment), ())
    _stands_at(ENDED)
