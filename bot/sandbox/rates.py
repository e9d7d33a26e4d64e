"""Slack's published rate limits, as a test can switch them on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bot.sandbox.errors import ApiError

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POSTS_PER_MINUTE, POST_BURST = 60, 3
WORKSPACE_POSTS_PER_MINUTE = 525


class RateLimits:
    """One bucket per method, and for chat.postMessage one per channel and one for the workspace."""

    def __init__(self, monotonic: Callable[[], float]):
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._due: dict[tuple[str, str], float] = {}

    def check(self, method: str, tier: int, channel: str) -> None:
        """Counts one call; raises `ratelimited` with status 429 and Retry-After when it is one too many."""
        if tier == 0:
            self._take((method, channel), POSTS_PER_MINUTE, POST_BURST)
            self._take((method, ""), WORKSPACE_POSTS_PER_MINUTE, WORKSPACE_POSTS_PER_MINUTE // 4)
        else:
            self._take((method, ""), PER_MINUTE[tier], max(3, PER_MINUTE[tier] // 4))

    def _take(self, key: tuple[str, str], per_minute: int, burst: int) -> None:
        now, period = self._monotonic(), 60 / per_minute
        with self._lock:
            due = max(self._due.get(key, now), now)
            if due - now > period * (burst - 1):
                raise limited(int(due - now - period * (burst - 1)) + 1)
            self._due[key] = due + period


def limited(seconds: int) -> ApiError:
    """The answer 429, with Retry-After in whole seconds."""
    return ApiError("ratelimited", status=429, headers={"Retry-After": str(seconds)})
