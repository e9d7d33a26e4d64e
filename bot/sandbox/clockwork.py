"""What every part of the workspace runs on: one lock, one clock, ids that are given once, and news of changes."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime


class Clockwork:
    """The moving parts. Every public method is safe from any thread."""

    def __init__(self, clock: Callable[[], datetime]):
        self.clock = clock
        self.lock = threading.RLock()
        self.version = 0
        self._changed = threading.Condition(self.lock)
        self._numbers = itertools.count(1)
        self._last_ts = 0

    def new_ts(self) -> str:
        """A timestamp that no other message has, later than all before it."""
        with self.lock:
            micros = int(self.clock().astimezone(UTC).timestamp() * 1_000_000)
            self._last_ts = max(self._last_ts + 1, micros)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """An id that was never given before, such as "F000000007"."""
        return f"{prefix}{next(self._numbers):09d}"

    def changed(self) -> None:
        """Tells whoever waits that something visible changed."""
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def wait_for_change(self, after: int, timeout: float) -> int:
        """Blocks until the version is above `after` or `timeout` seconds went by; returns the version."""
        with self._changed:
            self._changed.wait_for(lambda: self.version > after, timeout)
            return self.version
