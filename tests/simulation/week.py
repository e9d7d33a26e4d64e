"""One simulated week: who got their message when, and how that compares with what had been foretold."""

import multiprocessing
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from bot.delivery import DeliverySettings
from bot.delivery.forecast import Forecast
from bot.digest.ahead import next_week
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.weeks import DIGEST_WINDOW
from storage.database import open_engine, session_factory, upgrade
from tests.candor import MANIFEST, START, settings_for
from tests.simulation import crowd
from tests.simulation.crowd import Someone
from tests.simulation.worker import Done, SharedClock, Task, work

# From Sunday morning, before Monday begins anywhere, to the next one.
BEGIN = datetime(2026, 11, 22, 10, tzinfo=UTC)
END = BEGIN + timedelta(days=7)
IN_MEMORY = Path("/dev/shm")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Outcome:
    """What became of the week: `arrived` is when each person's message came, by person."""

    everybody: Sequence[Someone]
    told: Forecast
    arrived: dict[str, datetime]
    done: Done

    def lateness(self, slot: datetime | None = None) -> timedelta:
        """How long after the promised hours the last of these messages came; with `slot`, of those due at it."""
        late = [
            self.arrived[each.id] - each.slot - DIGEST_WINDOW for each in self.everybody if slot in (None, each.slot)
        ]
        return max(timedelta(0), *late)

    @property
    def as_foretold(self) -> bool:
        """Whether every window's last message came within a minute of when it was to come, or in time."""
        return all(abs(self.lateness(window.start) - window.lateness) <= MINUTE for window in self.told.windows)

    @property
    def attained(self) -> float:
        """Messages a minute in the longest rush, without the first moment's: what was saved up came then."""
        rush = max(_rushes(sorted(self.arrived.values())), key=len)
        after = [moment for moment in rush if moment > rush[0] + timedelta(seconds=1)]
        return len(after) / ((rush[-1] - rush[0]) / MINUTE)


def _rushes(moments: Sequence[datetime]) -> Iterator[list[datetime]]:
    """Moments with less than a minute between each two."""
    rush = [moments[0]]
    for moment in moments[1:]:
        if moment - rush[-1] >= MINUTE:
            yield rush
            rush = []
        rush.append(moment)
    yield rush


def simulate(
    everybody: Sequence[Someone], delivery: DeliverySettings, *, early: bool = True, tick_seconds: int = 10
) -> Outcome:
    """Send everybody's message of one week, by a worker in another process with a clock that it moves itself."""
    spawn = multiprocessing.get_context("spawn")
    seconds = spawn.Value("d", BEGIN.timestamp())
    came: list[tuple[str, datetime]] = []
    with _folder() as folder, _slack(everybody, seconds, came) as slack:
        database = f"sqlite:///{folder / 'candor.db'}"
        settings = settings_for(slack, database_url=database, tick_seconds=tick_seconds)
        told = _filled(settings, everybody, delivery)
        hear, tell = spawn.Pipe(duplex=False)
        worker = spawn.Process(target=work, args=(tell, Task(settings, delivery, BEGIN, END, early), seconds))
        worker.start()
        tell.close()
        try:
            done: Done = hear.recv()
        finally:
            worker.join()
    arrived = dict(came)
    assert len(arrived) == len(came) == done.sent, "a message came twice, or not at all"
    return Outcome(everybody, told, arrived, done)


@contextmanager
def _folder() -> Iterator[Path]:
    """In memory where there is such a place: nobody's week depends on how fast this machine's disk is."""
    with tempfile.TemporaryDirectory(prefix="candor-week-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as path:
        yield Path(path)


@contextmanager
def _slack(
    everybody: Sequence[Someone], seconds: "Synchronized[float]", came: list[tuple[str, datetime]]
) -> Iterator[Sandbox]:
    """The local workspace, which notes in `came` who got a message when, and keeps nothing else of it."""
    ended = threading.Event()
    with Sandbox(MANIFEST, SharedClock(seconds)) as slack:
        for each in everybody:
            slack.workspace.add_user(id=each.id, name=each.id, tz=each.tz)

        def collect() -> None:
            while not ended.wait(0.2):
                came.extend(_take(slack.workspace))

        collector = threading.Thread(target=collect)
        collector.start()
        try:
            yield slack
        finally:
            ended.set()
            collector.join()
            came.extend(_take(slack.workspace))


def _take(workspace: Workspace) -> Iterator[tuple[str, datetime]]:
    with workspace.lock:
        new, workspace.log[:] = list(workspace.log), []
        workspace.calls.clear()
        for message in new:
            message.blocks = []
    for message in new:
        yield workspace.channels[message.channel].im_user or "", message.at


def _filled(settings: Settings, everybody: Sequence[Someone], delivery: DeliverySettings) -> Forecast:
    """The database with everybody in it; returns what is foretold of the week from there."""
    engine = open_engine(settings.database_url)
    try:
        upgrade(engine)
        crowd.fill(engine, everybody, settings)
        with session_factory(engine).begin() as session:
            return next_week(session, START, delivery.per_minute)
    finally:
        engine.dispose()
