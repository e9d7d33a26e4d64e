"""One worker process: the product's own ticker, planner and composer, told when to tick.

The forkserver imports this module once; each process is a fork of that. One that survives a run takes part in the next,
with all parts of the bot made anew but the database engine, which has its statements compiled by then.
"""

import os
import signal
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from multiprocessing.connection import Connection

from sqlalchemy.orm import configure_mappers

from bot.app import Services, make_client
from bot.delivery import DeliverySettings, Outbox
from bot.digest.jobs import KIND, compose
from bot.logs import configure_logs
from bot.settings import Settings
from bot.ticker import Ticker
from bot.timekeeping import Timekeeper
from storage.database import SessionFactory, open_engine, session_factory
from tests.faults.clock import SharedClock
from tests.faults.steps import Step
from tests.faults.watch import Watch

configure_mappers()


class Order(StrEnum):
    """What the harness tells a worker. GO: a job is yours, and then: tick; or go on from where you hold."""

    GO = "go"
    STOP = "stop"


class Word(StrEnum):
    """What a worker tells the harness. Nobody says DEAD: it is what the harness hears when the line goes dead."""

    READY = "ready"
    CLAIMED = "claimed"
    HERE = "here"
    DONE = "done"
    STOPPED = "stopped"
    DEAD = "dead"


class Act(StrEnum):
    """What a worker does when it comes to its step for the first time."""

    DIE = "kill itself"
    HOLD = "wait until it is told to go on"


@dataclass(frozen=True)
class Plot:
    """Where a worker dies or holds; it dies `after_s` seconds of real time after it has said that it is there."""

    step: Step
    act: Act = Act.DIE
    after_s: float = 0.0


@dataclass(frozen=True)
class Job:
    """All that a worker needs. `real_pauses`: it counts its pauses by the machine's clock, not by the virtual one."""

    name: str
    settings: Settings
    delivery: DeliverySettings
    workspace_id: str
    plot: Plot | None = None
    real_pauses: bool = False


@dataclass(frozen=True)
class Said:
    """One message from a worker; `troubles` are those of the tick that is done, in words, by job."""

    word: Word
    planned: int = 0
    troubles: tuple[str, ...] = ()


def main(wire: Connection, clock: SharedClock) -> None:
    """Do one job after the other, each until told to stop; end when there is no further one, or by a plot."""
    configure_logs("CRITICAL")
    watch = Watch()
    opened = cache(lambda url: _open(url, watch))
    while isinstance(job := wire.recv(), Job):
        sessions = opened(job.settings.database_url)
        ticker = Worker(wire, clock, job, watch).ticker(sessions)
        wire.send(Said(Word.READY))
        while wire.recv() is not Order.STOP:
            done = ticker.beat()
            troubles = tuple(f"{name}: {words}" for name, words in done.troubles.items())
            wire.send(Said(Word.DONE, done.planned, troubles))
        sessions.kw["bind"].dispose()
        wire.send(Said(Word.STOPPED))


def _open(url: str, watch: Watch) -> SessionFactory:
    sessions = session_factory(open_engine(url))
    watch.observe(sessions)
    return sessions


class Worker:
    """The bot's own parts, as `candor run` puts them together, and what makes them die."""

    def __init__(self, wire: Connection, clock: SharedClock, job: Job, watch: Watch):
        self._wire, self._clock, self._job, self._plot = wire, clock, job, job.plot
        watch.begin(self._reached)

    def ticker(self, sessions: SessionFactory) -> Ticker:
        job, clock = self._job, self._clock
        client = make_client(job.settings)
        keeper = Timekeeper(sessions, client, clock, shared=_no_server_time, monotonic=clock.monotonic)
        services = Services(job.settings, sessions, clock, job.workspace_id)
        outbox = Outbox(
            sessions,
            client,
            {KIND: compose},
            keeper,
            workspace_id=job.workspace_id,
            worker=job.name,
            settings=job.delivery,
            monotonic=time.monotonic if job.real_pauses else clock.monotonic,
        )
        return Ticker(services, client, outbox, keeper)

    def _reached(self, step: Step) -> None:
        if step is Step.CLAIM_AFTER:
            self._wire.send(Said(Word.CLAIMED))
        if self._plot is not None and self._plot.step is step:
            plot, self._plot = self._plot, None
            self._wire.send(Said(Word.HERE))
            if plot.act is Act.DIE:
                time.sleep(plot.after_s)
                os.kill(os.getpid(), signal.SIGKILL)
            if self._wire.recv() is Order.STOP:
                os._exit(0)


def _no_server_time(sessions: SessionFactory) -> datetime | None:
    """The database server's clock is real, the harness's is not."""
    return None
