"""`candor run`, several times against one database, as an operator starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import col, select

from bot.sandbox.server import Sandbox
from storage.database import SessionFactory
from storage.deliveries import FINAL, State
from storage.tables import Delivery
from tests.replicas.company import join, opt_in, posted, posted_to

CANDOR = Path(sys.executable).parent / "candor"
# For a busy machine: nothing here takes longer on a quiet one than a few seconds.
PATIENCE_S = 120


class Fleet:
    """Replicas of the bot on one database and one local workspace."""

    def __init__(self, slack: Sandbox, sessions: SessionFactory, folder: Path) -> None:
        self.slack, self.sessions = slack, sessions
        self.people: list[str] = []
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, count: int = 1) -> list[subprocess.Popen[bytes]]:
        """Start `count` replicas at the same moment; does not wait for them."""
        new = [self._start() for _ in range(count)]
        self._started += new
        return new

    def _start(self) -> subprocess.Popen[bytes]:
        number = len(list(self._folder.glob("replica-*.log")))
        with (self._folder / f"replica-{number}.log").open("wb") as log:
            return subprocess.Popen([CANDOR, "run"], cwd=self._folder, env=self._env(), stdout=log, stderr=log)

    def _env(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "CANDOR_"))}
        return clean | {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "DATABASE_URL": self.sessions.kw["bind"].url.render_as_string(hide_password=False),
            "CANDOR_TICK_SECONDS": "1",
        }

    def wait_until_connected(self, count: int) -> None:
        """Wait until `count` replicas hold a Socket Mode connection."""
        self.wait(lambda: self.slack.connections == count)

    def end(self) -> list[int]:
        """Tell every replica that still runs to stop, all at once; their exit codes."""
        running = self.running
        for replica in running:
            replica.send_signal(signal.SIGTERM)
        return [replica.wait(PATIENCE_S) for replica in running]

    def kill(self) -> None:
        """Leave nothing behind, however the test went."""
        for replica in self._started:
            replica.kill()
            replica.wait()

    @property
    def running(self) -> list[subprocess.Popen[bytes]]:
        return [replica for replica in self._started if replica.poll() is None]

    def owe(self, count: int) -> None:
        """A digest is due for so many new people."""
        new = [f"U{number:04}" for number in range(len(self.people), len(self.people) + count)]
        join(self.slack.workspace, new)
        opt_in(self.sessions, new, datetime.now(UTC))
        self.people += new

    def wait_until_posted(self, count: int) -> None:
        """Wait until Slack has had `count` scheduled messages."""
        self.wait(lambda: len(posted(self.slack.workspace)) >= count)

    def wait_until_at_rest(self, all_but: int = 0) -> None:
        """Wait until the deliveries to all people, or `all_but` so many, are final."""
        self.wait(lambda: len(self.rows(*FINAL)) == len(self.people) - all_but)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait for it, but not when a replica has ended with an error meanwhile: then it may never come."""
        assert self.slack.wait_for(lambda _: self._broken or condition(), PATIENCE_S), self.said()
        assert not self._broken, self.said()

    @property
    def _broken(self) -> bool:
        return any(replica.poll() not in (None, 0, -signal.SIGKILL) for replica in self._started)

    def rows(self, *states: str) -> Sequence[Delivery]:
        """The deliveries in these states; all without any."""
        wanted = select(Delivery).where(col(Delivery.state).in_(states)) if states else select(Delivery)
        with self.sessions() as session:
            return session.exec(wanted).all()

    def require_one_each(self) -> None:
        """Everybody has exactly one digest, and every row says so."""
        workspace = self.slack.workspace
        assert {who: posted_to(workspace, who) for who in self.people} == dict.fromkeys(self.people, 1)
        assert {row.state for row in self.rows()} == {State.SENT}

    def said(self) -> str:
        """The end of each replica's log."""
        logs = sorted(self._folder.glob("replica-*.log"))
        return "\n".join(f"{log.name}:\n{log.read_text(errors='replace')[-2000:]}" for log in logs)


@contextmanager
def fleet_of(slack: Sandbox, sessions: SessionFactory, folder: Path) -> Iterator[Fleet]:
    """A fleet, none of which is left running."""
    fleet = Fleet(slack, sessions, folder)
    try:
        yield fleet
    finally:
        fleet.kill()
