"""A clock that runs as usual, from a moment of its own, and can be moved forward."""

import time
from datetime import UTC, datetime, timedelta


class DemoClock:
    """Call it for the demo's time, aware, in UTC."""

    def __init__(self, start: datetime) -> None:
        self._start, self._since = start, time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._since)

    def move_to(self, moment: datetime) -> None:
        """Go on from `moment`; raises `ValueError` for a moment that has passed."""
        if moment < self():
            raise ValueError("the demo's clock only goes forward")
        self._start, self._since = moment.astimezone(UTC), time.monotonic()
