"""One worker in a process of its own: the real tick with real plans and digests, only more hasty.

It ends in order on SIGTERM. SIGKILL may come at any moment.
"""

import os
import signal
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from slack_sdk import WebClient

from bot.app import Services
from bot.delivery import DeliverySettings, Outbox
from bot.digest.jobs import KIND, compose
from bot.jobs import Tick
from bot.logs import configure_logs
from bot.settings import Settings
from bot.ticker import Ticker
from bot.timekeeping import Timekeeper
from storage.database import open_engine, session_factory

HASTY = DeliverySettings(
    lease_s=3,
    timeout_s=1,
    settle_s=3,
    backoff_s=1,
    unreachable_s=1,
    trouble_s=1,
    sweep_s=5,
    max_refusals=1000,
    per_minute=60_000,
    burst=1000,
)


@dataclass(frozen=True)
class Station:
    """Where a worker works, and where it writes its log; travels to its process."""

    database: str
    api_url: str
    token: str
    workspace_id: str
    log: Path


def work(station: Station, ticks: "Synchronized[int]") -> None:
    """Tick until told to stop, counting in `ticks`."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with station.log.open("a", encoding="utf-8") as log:
        configure_logs("WARNING", log)
        with _ticker(station, ticks):
            told.wait()


def _ticker(station: Station, ticks: "Synchronized[int]") -> Ticker:
    client = WebClient(station.token, base_url=station.api_url, timeout=HASTY.timeout_s, retry_handlers=[])
    settings = Settings(
        _env_file=None, slack_bot_token=station.token, slack_api_url=station.api_url, tick_seconds=1,
        database_url=station.database,
    )  # fmt: skip
    services = Services(settings, session_factory(open_engine(station.database)), _now, station.workspace_id)
    keeper = Timekeeper(services.sessions, client, services.clock)
    outbox = Outbox(
        services.sessions, client, {KIND: compose}, keeper,
        workspace_id=station.workspace_id, worker=f"soak {os.getpid()}", settings=HASTY,
    )  # fmt: skip

    def ticked(_done: Tick) -> None:
        ticks.value += 1

    return Ticker(services, client, outbox, keeper, ticked)


def _now() -> datetime:
    return datetime.now(UTC)
