"""Events about ballots that were handled already: in memory only, because a row would say when each of them came."""

import threading

# What Slack may deliver again comes within minutes: more of them than ever come in that time.
MOST = 10_000


class Repeats:
    """The newest event ids of this process. What another replica handles anew only shows the same button again."""

    def __init__(self, most: int = MOST) -> None:
        self._lock = threading.Lock()
        self._most = most
        # In the order in which they came: a set has none.
        self._seen: dict[str, None] = {}

    def first_sight(self, event_id: str) -> bool:
        """Remember the event; False when it was seen before."""
        with self._lock:
            if event_id in self._seen:
                return False
            self._seen[event_id] = None
            if len(self._seen) > self._most:
                del self._seen[next(iter(self._seen))]
            return True
