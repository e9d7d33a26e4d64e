"""A process of its own that publishes, or plans notices or invitations.

At each step it says so and waits: there it can be killed.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.policy.document import read_policy
from bot.policy.publishing import notices, publication
from bot.pulse.inviting import planning as inviting
from storage import policies
from storage.database import SessionFactory, open_engine, session_factory
from tests.delivery.process import Watched
from tests.policy.publishing.acts import CHANNEL

ROOT = Path(__file__).parents[3]
BATCH = 2


class Worker:
    """The process, as the test sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def wait_for(self, step: str) -> None:
        """Wait until it stands at this step."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == step

    def go_on(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def started(
    sessions: SessionFactory, what: str, subject: str, now: datetime, module: str = "tests.policy.publishing.worker"
) -> Iterator[Worker]:
    """Start this module, or another like it, on this database; whatever happens, it does not outlive the test."""
    url = sessions.kw["bind"].url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", module, url, what, subject, now.isoformat()]
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


def _publish(sessions: SessionFactory, file: str, now: datetime) -> None:
    with sessions.begin() as session:
        newest = policies.newest(session)
        base = newest.hash if newest else None
        document = read_policy(Path(file))
        publication.publish(session, document, publisher="U0HR", now=now, base_hash=base, channel=CHANNEL)
        _stands_at("written")
    _stands_at("committed")


def _plan(sessions: SessionFactory, workspace: str, now: datetime) -> None:
    watched = Watched(sessions, lambda: None, lambda: _stands_at("planned"))
    notices.plan(watched, workspace, now, batch=BATCH)


def _invite(sessions: SessionFactory, workspace: str, now: datetime) -> None:
    watched = Watched(sessions, lambda: None, lambda: _stands_at("planned"))
    inviting.plan(watched, workspace, now, batch=BATCH)


if __name__ == "__main__":
    address, act, about, moment = sys.argv[1:]
    made = session_factory(open_engine(address))
    {"publish": _publish, "plan": _plan, "invite": _invite}[act](made, about, datetime.fromisoformat(moment))
