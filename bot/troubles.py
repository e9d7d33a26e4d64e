"""One line when a trouble begins and one when it is over, however often it was met in between."""

from typing import Any

import structlog


class Troubles:
    """The troubles of one part of the bot, by name. Not safe for several threads at once."""

    def __init__(self, logger: str) -> None:
        self._log = structlog.get_logger(logger)
        self._met: dict[str, int] = {}

    def met(self, name: str, said: str, **fields: Any) -> bool:
        """Log the trouble in words that say what to do, unless it is going on already; True: it is new."""
        self._met[name] = self._met.get(name, 0) + 1
        if self._met[name] > 1:
            return False
        self._log.error(said, **fields)
        return True

    def __contains__(self, name: str) -> bool:
        """Whether the trouble is going on."""
        return name in self._met

    def over(self, name: str) -> None:
        """Log that a trouble is over, if it was met."""
        if times := self._met.pop(name, 0):
            self._log.info("over again", trouble=name, times=times)

    def over_but(self, *going_on: str) -> None:
        """Every trouble is over but these."""
        for name in [name for name in self._met if name not in going_on]:
            self.over(name)
