"""A process of its own that opens or closes a wave. Around each transaction it says so and waits: there it can be
killed."""

import sys
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from bot.policy.versions import require_in_force, terms_of
from bot.pulse.closing import close
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import open_wave
from storage.database import SessionFactory, open_engine, session_factory
from tests.delivery.process import Watched
from tests.policy.publishing import worker
from tests.pulse.world import QUESTIONS

CHANNEL = "C0NEWS"
ENDED = "ended"


def started(
    sessions: SessionFactory, what: str, keys: KeyDirectory, now: datetime
) -> AbstractContextManager[worker.Worker]:
    """Start it on this database and key directory; whatever happens, it does not outlive the test."""
    return worker.started(sessions, what, str(keys.path), now, "tests.pulse.worker")


def _stands_at(step: str) -> None:
    print(step, flush=True)
    sys.stdin.readline()


def _open(sessions: SessionFactory, keys: KeyDirectory, now: datetime) -> None:
    terms = terms_of(require_in_force(sessions, now))
    open_wave(sessions, keys, QUESTIONS, terms, opened_by="command line", now=now, channel=CHANNEL)


def _close(sessions: SessionFactory, keys: KeyDirectory, now: datetime) -> None:
    close(sessions, keys, now, channel=CHANNEL)


if __name__ == "__main__":
    address, act, directory, moment = sys.argv[1:]
    engine = open_engine(address)
    watched = Watched(session_factory(engine), lambda: _stands_at("begins"), lambda: _stands_at("commits"))
    {"open": _open, "close": _close}[act](watched, KeyDirectory(Path(directory)), datetime.fromisoformat(moment))
    _stands_at(ENDED)
