"""One virtual clock for the harness, the local workspace and every worker process."""

from ctypes import c_int64
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerContext

from tests.candor import START

# When the digests of people in Madrid are due.
MONDAY = START.replace(day=23, hour=8)


class SharedClock:
    """Time that stands still until the harness moves it, in shared memory: a process is sent it at its start."""

    def __init__(self, context: ForkServerContext):
        # Without a lock: a worker that is killed while it reads the time would take the lock with it.
        self._micros: c_int64 = context.RawValue(c_int64, 0)
        self.set(MONDAY)

    def __call__(self) -> datetime:
        return START + timedelta(microseconds=self._micros.value)

    def monotonic(self) -> float:
        """In seconds, as `time.monotonic`."""
        return self._micros.value / 1e6

    def set(self, moment: datetime) -> None:
        """For the beginning of a run: workers are new to it."""
        self._micros.value = (moment - START) // timedelta(microseconds=1)

    def advance(self, time: timedelta) -> None:
        self.set(self() + time)
