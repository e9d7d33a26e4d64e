"""How many ballots could not be taken, for operators: a number once an hour, and neither when nor from whom."""

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger("candor.pulse")

APART = timedelta(hours=1)


class Failures:
    """What went wrong in this process with ballots, by the name of the error."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._told: datetime | None = None

    def note(self, name: str) -> None:
        """One more of them."""
        with self._lock:
            self._counts[name] += 1

    def take(self, now: datetime) -> Mapping[str, int]:
        """All since they were last taken, once the hour is over; before that, none."""
        with self._lock:
            # A clock that was set back would keep them for as long as it was ahead.
            if self._told is None or now < self._told:
                self._told = now
            if now - self._told < APART:
                return {}
            self._told, counts, self._counts = now, self._counts, Counter()
            return counts

    def tell(self, now: datetime) -> None:
        """Log what there is to tell at this moment."""
        for name, times in sorted(self.take(now).items()):
            log.error("ballots could not be taken in the last hour, see candor doctor", error=name, times=times)
