"""What Prometheus reads: what this process did, and what the outbox holds at the moment of a scrape.

No label ever holds a person, a team, or words that came from outside.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.jobs import Tick
from bot.operators.looking import DatabaseAwayError
from bot.operators.snapshot import Snapshot, since
from bot.weeks import Clock
from storage.deliveries import DIGEST, State

# Slack gives up after 3 s.
_ACK_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_KIND = re.compile(r"[a-z][a-z_ ]{0,39}")
_COUNTED: Final = {
    "planned": "Deliveries planned by this process.",
    "sent": "Deliveries that Slack has confirmed to this process.",
    "dropped": "Deliveries that turned out not to be owed any more: opted out, paused, nothing to report.",
    "failed": "Deliveries that ended without a message.",
    "unknown": "Posts whose outcome nobody could tell at first.",
    "recovered": "Deliveries taken over from a worker that stopped.",
}


class Metrics:
    """The metrics of one process, in the registry that is passed in.

    `look` gives the outbox or raises `DatabaseAwayError`. `monotonic` is in seconds.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        look: Callable[[], Snapshot],
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        self.registry = registry
        self._monotonic = monotonic
        self._newest_tick = monotonic()
        self._counters = {
            name: Counter(f"candor_deliveries_{name}", said, registry=registry) for name, said in _COUNTED.items()
        }
        self._limited = Counter("candor_rate_limited", "Answers of Slack that ask to wait (429).", registry=registry)
        self._acks = Histogram(
            "candor_ack_seconds",
            "From the arrival of a request of Slack's to its acknowledgement.",
            buckets=_ACK_BUCKETS,
            registry=registry,
        )
        ProcessCollector(registry=registry)
        registry.register(_Outbox(look, clock, self.tick_age))

    def ticked(self, tick: Tick) -> None:
        """Count what a tick did, which ended now; one that met trouble is not the newest."""
        if not tick.troubles:
            self._newest_tick = self._monotonic()
        self._counters["planned"].inc(tick.planned)
        for name in _COUNTED.keys() - {"planned"}:
            self._counters[name].inc(getattr(tick.tally, name))
        self._limited.inc(tick.tally.limited)

    def acked(self, seconds: float) -> None:
        """Count one request of Slack's that was acknowledged after `seconds`."""
        self._acks.observe(seconds)

    def tick_age(self) -> timedelta:
        """The time since the newest tick without trouble ended in this process; before the first, since it began."""
        return timedelta(seconds=self._monotonic() - self._newest_tick)


class _Outbox(Collector):
    """Gauges that are read from the database when somebody scrapes; without it, only that it is away."""

    def __init__(self, look: Callable[[], Snapshot], clock: Clock, tick_age: Callable[[], timedelta]):
        self._look = look
        self._clock = clock
        self._tick_age = tick_age

    def collect(self) -> Iterator[GaugeMetricFamily]:
        age = self._tick_age().total_seconds()
        yield _gauge("candor_last_tick_age_seconds", "Time since this process's newest tick without trouble.", age)
        try:
            snapshot = self._look()
        except DatabaseAwayError:
            yield _gauge("candor_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("candor_database_up", "Whether the database answers.", 1)
        yield from _of_outbox(snapshot, self._clock())


def _of_outbox(snapshot: Snapshot, now: datetime) -> Iterator[GaugeMetricFamily]:
    lag, unknown = snapshot.lag(now), since(snapshot.oldest_unknown(), now)
    stopped = snapshot.sending is None or snapshot.sending.stopped_at is not None
    yield _by_state(snapshot)
    yield _gauge(
        "candor_delivery_lag_seconds", "How far the oldest delivery that is due is behind.", lag.total_seconds()
    )
    yield _gauge(
        "candor_delivery_unknown_oldest_seconds",
        "Time since the oldest post whose outcome is still unknown.",
        unknown.total_seconds(),
    )
    yield _gauge("candor_sending_stopped", "Whether sending has stopped until the app is installed anew.", stopped)


def _by_state(snapshot: Snapshot) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "candor_deliveries", "Deliveries in the database by kind and state.", labels=["kind", "state"]
    )
    # Every state is always there: an alert on one that is missing would never go off.
    kinds = {DIGEST, *(_kind(count.kind) for count in snapshot.counts)}
    numbers = {(kind, state): 0 for kind in sorted(kinds) for state in State}
    for count in snapshot.counts:
        numbers[_kind(count.kind), count.state] += count.number
    for (kind, state), number in numbers.items():
        family.add_metric([kind, state.value], number)
    return family


def _kind(kind: str) -> str:
    return kind if _KIND.fullmatch(kind) else "other"


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=float(value))
