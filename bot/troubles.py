"""What is wrong: a trouble that is met again and again, logged once; and what a check of an installation finds."""

import threading
from typing import Any, NamedTuple

import structlog


class Finding(NamedTuple):
    """One check: what was looked at, whether it is well, and what was found with the mend."""

    name: str
    well: bool
    said: str


class Troubles:
    """The troubles of one part of the bot, by name: one line when a trouble begins and one when it is over, however
    often it was met in between."""

    def __init__(self, logger: str) -> None:
        self._log = structlog.get_logger(logger)
        self._met: dict[str, int] = {}
        self._lock = threading.Lock()

    def met(self, name: str, said: str, **fields: Any) -> bool:
        """Log the trouble in words that say what to do, unless it is going on already; True: it is new."""
        with self._lock:
            self._met[name] = times = self._met.get(name, 0) + 1
        if times > 1:
            return False
        self._log.error(said, **fields)
        return True

    def __contains__(self, name: str) -> bool:
        """Whether the trouble is going on."""
        return name in self._met

    def over(self, name: str) -> None:
        """Log that a trouble is over, if it was met."""
        with self._lock:
            times = self._met.pop(name, 0)
        if times:
            self._log.info("over again", trouble=name, times=times)

    def over_but(self, *going_on: str) -> None:
        """Every trouble is over but these."""
        with self._lock:
            ended = [name for name in self._met if name not in going_on]
        for name in ended:
            self.over(name)
