"""What time it is for everything that is planned, sent and deleted by the clock.

A host's clock can be set wrong, and replicas' clocks differ. So each tick asks the clock that all replicas share (the
database server's; on SQLite the host's own), compares it with Slack's, and goes on from there by the monotonic clock,
which nobody can set. Where the clocks disagree, nothing is planned, sent or deleted until somebody has set them right.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack_errors import BROKEN, headers_of, slack_code, time_of
from bot.troubles import Troubles
from bot.weeks import Clock
from storage.database import SessionFactory, server_time

# Slack refuses signatures that are five minutes off; a lease is two minutes long.
DRIFT = timedelta(seconds=60)
SharedClock = Callable[[SessionFactory], datetime | None]


class Timekeeper:
    """The time of one process, called like a clock: aware, in UTC. `host` is the machine's own clock.

    `shared` reads the clock that all replicas share, None where there is none. `monotonic` is in seconds.
    """

    def __init__(
        self,
        sessions: SessionFactory,
        client: WebClient,
        host: Clock,
        *,
        shared: SharedClock = server_time,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        self._sessions = sessions
        self._client = client
        self._host = host
        self._shared = shared
        self._monotonic = monotonic
        self._base = host(), monotonic()
        self._slack: tuple[datetime, float] | None = None
        self._troubles = Troubles("candor.clock")
        self.wrong: str | None = None

    def __call__(self) -> datetime:
        return self._since(self._base)

    def check(self) -> bool:
        """Set the time anew and say whether it can be relied on; why not is in `wrong`, in words.

        Database errors are raised.
        """
        host, stamp = self._host(), self._monotonic()
        shared = self._shared(self._sessions)
        now = shared or host
        self.wrong = self._apart("the database server", host, shared) or self._apart_from_slack(now)
        if self.wrong:
            self._troubles.met("clock", f"nothing is planned, sent or deleted: {self.wrong}")
            return False
        self._troubles.over("clock")
        self._base = now, stamp
        return True

    def _apart_from_slack(self, now: datetime) -> str | None:
        if self._slack is None or self._apart("Slack", now, self._since(self._slack)):
            # The machine may have slept: the monotonic clock does not count that.
            self._slack = self._ask_slack() or self._slack
        if self._slack is None:
            return "Slack has not yet said what time it is. It is asked again by itself."
        return self._apart("Slack", now, self._since(self._slack))

    def _ask_slack(self) -> tuple[datetime, float] | None:
        try:
            return self._said(self._client.api_test().headers)
        except SlackApiError as error:
            # A refusal is Slack's own word too, unlike a page of whatever stands before it.
            return self._said(headers_of(error.response)) if slack_code(error.response) else None
        except BROKEN:
            return None

    def _said(self, headers: Mapping[str, str]) -> tuple[datetime, float] | None:
        moment = time_of(headers)
        return (moment, self._monotonic()) if moment else None

    def _apart(self, who: str, now: datetime, other: datetime | None) -> str | None:
        if other is None or abs(now - other) <= DRIFT:
            return None
        ahead = "ahead of" if now > other else "behind"
        return f"this machine's clock is {_length(abs(now - other))} {ahead} that of {who}. Set both by NTP."

    def _since(self, base: tuple[datetime, float]) -> datetime:
        moment, stamp = base
        return moment + timedelta(seconds=self._monotonic() - stamp)


def _length(apart: timedelta) -> str:
    return f"{apart.days} days" if apart >= timedelta(days=2) else f"{apart.total_seconds():.0f} s"
