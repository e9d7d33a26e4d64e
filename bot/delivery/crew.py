"""Several workers of one process: while one waits for Slack's answer, the others post.

Slack answers a post in a few tenths of a second. One after the other, that is less than the rate allows.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import datetime
from typing import Protocol

from bot.delivery.messages import Tally
from bot.delivery.outbox import Outbox


class Sender(Protocol):
    """Whoever sends what is due: an outbox, or a crew of them."""

    @property
    def worker(self) -> str: ...

    def stopping(self) -> bool: ...

    def run(self, now: datetime) -> Tally: ...

    def stop(self) -> None: ...


class Crew:
    """Outboxes that run at the same time, in threads; to whoever calls, they are one."""

    def __init__(self, outboxes: Sequence[Outbox]):
        self._outboxes = outboxes

    @property
    def worker(self) -> str:
        return self._outboxes[0].worker

    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._outboxes[0].stopping()

    def run(self, now: datetime) -> Tally:
        """Send what is due at `now`, as `Outbox.run`; what one of them raises is raised when all have ended."""
        with ThreadPoolExecutor(len(self._outboxes), "sender") as threads:
            runs = [threads.submit(outbox.run, now) for outbox in self._outboxes]
        return together([run.result() for run in runs])

    def stop(self) -> None:
        """As `Outbox.stop`."""
        for outbox in self._outboxes:
            outbox.stop()


def together(tallies: Sequence[Tally]) -> Tally:
    """What they did in all; worth another run as soon as it is for one of them."""
    counted = [field.name for field in fields(Tally) if field.name != "resume_at"]
    moments = [tally.resume_at for tally in tallies if tally.resume_at is not None]
    sums = {name: sum(getattr(tally, name) for tally in tallies) for name in counted}
    return Tally(**sums, resume_at=min(moments, default=None))
