"""One worker of the outbox, with the settings of production and a clock that leaps from tick to tick."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from slack_sdk import WebClient
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery import Composer, DeliverySettings, Message, Outbox, Tally
from storage import deliveries
from storage.database import session_factory
from storage.deliveries import DIGEST, Owed
from storage.tables import Delivery, Workspace
from tests.candor import Clock

WORKSPACE = "T1"
# A Monday at nine in UTC: the digests of the bench's people are due.
DUE = datetime(2026, 11, 16, 9, tzinfo=UTC)
WEEK = "2026-W47"
TICK_S = 10
SETTINGS = DeliverySettings()
# What a run sends before the rate ends it: the burst, without what is kept for notices.
A_RUN = SETTINGS.burst - int(SETTINGS.burst * SETTINGS.notices_share)


def add_workspace(engine: Engine) -> None:
    with session_factory(engine).begin() as session:
        session.add(Workspace(id=WORKSPACE, name="Halden Labs"))


def plan(engine: Engine, people: Sequence[str], kind: str = DIGEST, week: str = WEEK) -> None:
    """A message to each of these people, due now."""
    with session_factory(engine).begin() as session:
        deliveries.plan(session, WORKSPACE, (Owed(person, kind, week, DUE) for person in people))


def saying(messages: Mapping[str, Message]) -> Composer:
    """A composer that has these messages at hand, by person."""

    def composer(_session: Session, rows: Sequence[Delivery], _now: datetime) -> Mapping[str, Message]:
        return {row.id: messages[row.person_id] for row in rows}

    return composer


class Worker:
    """Ticks as often as production does, without the waiting in between."""

    def __init__(self, engine: Engine, client: WebClient, composer: Composer) -> None:
        self._clock = Clock(DUE)
        self._outbox = Outbox(
            session_factory(engine),
            client,
            {DIGEST: composer},
            self._clock,
            workspace_id=WORKSPACE,
            worker="bench",
            settings=SETTINGS,
        )

    def run(self) -> Tally:
        """One tick: at most `A_RUN` messages, from recovery to the last mark."""
        self._clock.pass_by(seconds=TICK_S)
        return self._outbox.run(self._clock())


def timed_run(worker: Worker, messages: int) -> float:
    """Seconds of one tick, which has this many messages to send and sends them all."""
    started = time.perf_counter()
    tally = worker.run()
    seconds = time.perf_counter() - started
    assert tally.sent == messages, tally
    return seconds
