"""A process of its own that opens or closes a wave. Around each transaction it says so and waits: there it can be
killed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.policy.versions import require_in_force, terms_of
from bot.pulse.closing import close
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import open_wave
from storage.database import SessionFactory, open_engine, session_factory
from tests.delivery.process import Watched
from tests.policy.publishing.worker import Worker
from tests.pulse.world import QUESTIONS

ROOT = Path(__file__).parents[2]
CHANNEL = "C0NEWS"
ENDED = "ended"


@contextmanager
def started(sessions: SessionFactory, what: str, keys: KeyDirectory, now: datetime) -> Iterator[Worker]:
    """Start it on this database and key directory; whatever happens, it does not outlive the test."""
    url = sessions.kw["bind"].url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.pulse.worker", url, what, str(keys.path), now.isoformat()]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        worker = Worker(process)
        try:
            yield worker
        finally:
            worker.kill()


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
