"""One run's world: a local workspace, a database of its own, workers, and the one clock they all live by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from sqlmodel import col, select

from bot.delivery import DeliverySettings
from bot.sandbox.model import Message
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import TEAM_ID
from bot.settings import Settings
from storage import tables
from storage.database import SessionFactory, open_engine, session_factory
from storage.deliveries import FINAL
from storage.tables import Delivery
from tests.candor import MANIFEST, settings_for
from tests.faults.bases import Base
from tests.faults.clock import MONDAY, SharedClock
from tests.faults.fleet import Fleet, Worker, tick_both
from tests.faults.worker import Job, Plot

# Small batches, so that two workers share three people; a client that does not wait long for a Slack that hangs.
DELIVERY = DeliverySettings(batch=2, timeout_s=1, settle_s=90, per_minute=6000, burst=100)
MOST_ROUNDS = 60
# After that time every message that was sent again has been swept.
A_WHILE = timedelta(hours=3)
TICK = timedelta(milliseconds=1)


@dataclass
class Stage:
    """What a run has to do with. Every worker that was started is in `workers`."""

    fleet: Fleet
    slack: Sandbox
    sessions: SessionFactory
    settings: Settings
    people: list[str]
    delivery: DeliverySettings = DELIVERY
    workers: list[Worker] = field(default_factory=list)
    _dismissed: int = field(default=0, init=False)

    @property
    def clock(self) -> SharedClock:
        return self.fleet.clock

    def start(self, plot: Plot | None = None, *, real_pauses: bool = False) -> Worker:
        """A worker that is ready to tick."""
        job = Job(f"worker {len(self.workers) + 1}", self.settings, self.delivery, TEAM_ID, plot, real_pauses)
        self.workers.append(self.fleet.start(job))
        return self.workers[-1]

    def dismiss_all(self) -> None:
        """End the jobs of all workers that still have one."""
        while self._dismissed < len(self.workers):
            self._dismissed += 1
            self.fleet.dismiss(self.workers[self._dismissed - 1])

    def rows(self) -> list[Delivery]:
        with self.sessions.begin() as session:
            return list(session.exec(select(Delivery)))

    @property
    def at_rest(self) -> bool:
        """Everybody's delivery is there, and final."""
        rows = self.rows()
        return len(rows) >= len(self.people) and all(row.state in FINAL for row in rows)

    def to_rest(self, first: Worker, second: Worker) -> None:
        """Both tick, again and again as time goes by, until all is at rest or the first has died."""
        for _ in range(MOST_ROUNDS):
            tick_both(first, second)
            if not first.alive or self.at_rest:
                return
            self.pass_time()

    def settle(self) -> None:
        """Time goes by until the sweeps are done and Slack has accepted all that it accepts late."""
        first, second = self.start(), self.start()
        self.to_rest(first, second)
        self.clock.advance(A_WHILE)
        self.slack.accept_late()
        tick_both(first, second)
        self.dismiss_all()

    def pass_time(self) -> None:
        """To the next moment at which there can be anything to do: the soonest that the product allows."""
        now = self.clock()
        with self.sessions.begin() as session:
            leases = session.exec(select(tables.Job.lease_until)).all()
            gates = session.exec(select(tables.Workspace.blocked_until, tables.Workspace.lookup_blocked_until)).all()
            open_rows = col(Delivery.state).not_in([state.value for state in FINAL])
            waiting = session.exec(select(Delivery.not_before, Delivery.lease_until).where(open_rows)).all()
        moments = [*leases, *(moment for row in (*gates, *waiting) for moment in row)]
        self.clock.set(min((each for each in moments if each and each > now), default=now) + TICK)

    def posted(self, person_id: str) -> list[Message]:
        """Every scheduled message that this person was ever sent, deleted ones too."""
        channel = self.slack.workspace.dm(person_id)
        return [each for each in self.slack.workspace.log if each.metadata and each.channel == channel]


@cache
def _opened(url: str) -> SessionFactory:
    return session_factory(open_engine(url))


@contextmanager
def staged(fleet: Fleet, base: Base, delivery: DeliverySettings = DELIVERY) -> Iterator[Stage]:
    """A fresh copy of the database, the same people in a fresh workspace, and Monday morning."""
    fleet.clock.set(MONDAY)
    with base.copied(), Sandbox(MANIFEST, fleet.clock) as slack:
        for who, tz in base.zones.items():
            slack.workspace.add_user(id=who, name=who, tz=tz)
        sessions, settings = _opened(base.url), settings_for(slack, database_url=base.url)
        stage = Stage(fleet, slack, sessions, settings, list(base.zones), delivery)
        try:
            yield stage
        finally:
            stage.dismiss_all()
            sessions.kw["bind"].dispose()
