"""The bot's worker in a process of its own, whose memory is measured: it moves the clock and ticks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from slack_sdk import WebClient
from sqlmodel import col, func, select

from bot.app import Services, make_client
from bot.delivery import DeliverySettings, Outbox
from bot.digest.jobs import KIND, compose
from bot.jobs import Tick
from bot.logs import configure_logs
from bot.schedule import send, tick
from bot.settings import Settings
from bot.ticker import SOONEST_S
from storage.database import SessionFactory, open_engine, session_factory
from storage.deliveries import State
from storage.tables import Delivery, Preference
from tests.bench.memory import own_peak_mb
from tests.simulation.crowd import WORKSPACE


@dataclass(frozen=True)
class Task:
    """What a worker is to do. `early`: it wakes as soon as the rate opens, as the ticker does, not only at ticks."""

    settings: Settings
    delivery: DeliverySettings
    begin: datetime
    end: datetime
    early: bool


@dataclass(frozen=True)
class Done:
    """What it did: messages sent and dropped, ticks and sends, and its peak memory in MB."""

    sent: int
    dropped: int
    runs: int
    peak_mb: float


class SharedClock:
    """One time for the worker and for the workspace: seconds since 1970, in memory that both see."""

    def __init__(self, seconds: "Synchronized[float]"):
        self._seconds = seconds

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self._seconds.value, UTC)

    def set(self, moment: datetime) -> None:
        self._seconds.value = moment.timestamp()


def work(tell: Connection, task: Task, seconds: "Synchronized[float]") -> None:
    """Run the week through and tell what was `Done`."""
    configure_logs("ERROR")
    clock, sessions = SharedClock(seconds), session_factory(open_engine(task.settings.database_url))
    services, client = Services(task.settings, sessions, clock, WORKSPACE), make_client(task.settings)
    outbox = Outbox(
        sessions, client, {KIND: compose}, clock, workspace_id=WORKSPACE, worker="simulated", settings=task.delivery
    )
    sent = dropped = runs = 0
    for done in _week(services, client, outbox, clock, task):
        assert not done.troubles, done.troubles
        sent, dropped, runs = sent + done.tally.sent, dropped + done.tally.dropped, runs + 1
    tell.send(Done(sent, dropped, runs, own_peak_mb()))


def _week(services: Services, client: WebClient, outbox: Outbox, clock: SharedClock, task: Task) -> Iterator[Tick]:
    now = next_tick = task.begin
    pace = timedelta(seconds=services.settings.tick_seconds)
    while now < task.end:
        clock.set(now)
        ticks = now >= next_tick
        done = (tick if ticks else send)(services, client, outbox, now)
        yield done
        if ticks:
            next_tick = now + pace
        resume_at = done.tally.resume_at
        if task.early and resume_at is not None:
            now = min(next_tick, max(now + timedelta(seconds=SOONEST_S), resume_at))
        elif done.planned or done.tally.sent:
            now = next_tick
        else:
            now = next_tick = max(next_tick, _next_event(services.sessions, next_tick, pace, task.end))


def _next_event(sessions: SessionFactory, next_tick: datetime, pace: timedelta, end: datetime) -> datetime:
    """The first tick that has something to do: those before it would only find that there is nothing."""
    with sessions.begin() as session:
        due = session.exec(select(func.min(col(Preference.next_due)))).one()
        waiting = select(func.min(col(Delivery.not_before))).where(col(Delivery.state) == State.READY)
        ready = session.exec(waiting).one()
    first = min((moment for moment in (due, ready) if moment), default=end)
    return next_tick + max(0, -((next_tick - first) // pace)) * pace
