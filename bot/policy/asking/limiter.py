"""How many questions one person may ask in a minute. Nothing of it is stored."""

import threading
from collections.abc import Callable
from enum import Enum

MOST = 10
MINUTE_S = 60.0


class Turn(Enum):
    """What somebody who asks gets: an answer, once in a minute the words that it is too fast, then nothing."""

    ANSWER = "answer"
    TOO_FAST = "too fast"
    SILENCE = "silence"


class Limiter:
    """Counts questions by person, in memory, for a minute from the first one. `seconds` is a clock.

    Each replica counts for itself: the limit keeps one person from filling a conversation, and is no promise.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        # In the order in which the minutes began.
        self._minutes: dict[str, tuple[float, int]] = {}

    def turn(self, person: str) -> Turn:
        """Count a question of this person, and say what they get."""
        with self._lock:
            now = self._seconds()
            self._forget_before(now)
            began, asked = self._minutes.get(person, (now, 0))
            self._minutes[person] = (began, asked + 1)
        if asked < MOST:
            return Turn.ANSWER
        return Turn.TOO_FAST if asked == MOST else Turn.SILENCE

    def _forget_before(self, now: float) -> None:
        # A minute that begins in the future was begun before the clock was set back.
        over = [person for person, (began, _) in self._minutes.items() if not began <= now < began + MINUTE_S]
        for person in over:
            del self._minutes[person]
