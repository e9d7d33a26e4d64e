"""The pace of one process: a thread that ticks, by the clock that nobody can set.

A scheduler that waits for a time of day stands still for as long as a clock was ahead before it was set right.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from slack_sdk import WebClient

from bot.app import Services
from bot.delivery import Sender
from bot.jobs import Tick, failure_words
from bot.schedule import send, tick
from bot.timekeeping import Timekeeper
from bot.troubles import Troubles

# When the rate opens again, some messages are worth a run.
SOONEST_S = 1.0


class Ticker:
    """Ticks every `tick_seconds`, and sends in between whenever the rate allows more; `start` it, then `stop` it.

    `on_tick` hears of every tick and what it did.
    """

    def __init__(
        self,
        services: Services,
        client: WebClient,
        outbox: Sender,
        keeper: Timekeeper,
        on_tick: Callable[[Tick], None] = lambda done: None,
    ):
        self._services = services
        self._client = client
        self._outbox = outbox
        self._keeper = keeper
        self._on_tick = on_tick
        self._stopping = threading.Event()
        self._troubles = Troubles("candor.schedule")
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def wrong(self) -> str | None:
        """Why nothing is planned or sent although this process ticks: its clock, in words."""
        return self._keeper.wrong

    def stop(self) -> None:
        """End in order: after the message at hand."""
        self._stopping.set()
        self._outbox.stop()
        self._thread.join()

    def _run(self) -> None:
        wait, left = 0.0, 0.0
        while not self._stopping.wait(wait):
            left -= wait
            work = tick if left <= 0 else send
            left = left if left > 0 else float(self._services.settings.tick_seconds)
            done = self.beat(work)
            wait = min(left, self._pause(done))

    def beat(self, work: Callable[[Services, WebClient, Sender, datetime], Tick] = tick) -> Tick:
        """One tick, now; what goes wrong is told once, in the log, and tried again by the next."""
        done = Tick()
        try:
            if self._keeper.check():
                done = work(self._services, self._client, self._outbox, self._keeper())
                self._tell(done, all_done=work is tick)
        except Exception as error:  # A thread that ends would send nothing any more, and say nothing.
            done.troubles["clock"] = failure_words(error)
            self._tell(done, all_done=False)
        self._on_tick(done)
        return done

    def _tell(self, done: Tick, *, all_done: bool) -> None:
        by_words = {words: job for job, words in reversed(done.troubles.items())}
        for words, job in by_words.items():
            self._troubles.met(words, f"a scheduled job failed and is tried again: {words}", job=job)
        if all_done:
            self._troubles.over_but(*by_words)

    def _pause(self, done: Tick) -> float:
        resume_at = done.tally.resume_at
        if resume_at is None:
            return float(self._services.settings.tick_seconds)
        return max(SOONEST_S, (resume_at - self._keeper()).total_seconds())
