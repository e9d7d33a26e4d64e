"""How much of a job that is never quite done is done at once."""

import math
import time
from collections.abc import Callable


def _never() -> bool:
    return False


class Stint:
    """At most `most` items, none of them begun after `seconds`, or once `stopping` says so. `monotonic` is in seconds.

    What is left is for the next stint.
    """

    def __init__(
        self,
        *,
        seconds: float,
        most: float = math.inf,
        stopping: Callable[[], bool] = _never,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        self._left = most
        self._stopping = stopping
        self._monotonic = monotonic
        self._ends = monotonic() + seconds

    def goes_on(self) -> bool:
        """Whether there is time for more."""
        return not self._stopping() and self._monotonic() < self._ends

    def takes(self) -> bool:
        """Whether one more item is to be begun; it counts as begun."""
        if self._left < 1 or not self.goes_on():
            return False
        self._left -= 1
        return True
