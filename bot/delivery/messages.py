"""What features hand to the outbox, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from storage.pace import Rate
from storage.tables import Delivery


@dataclass(frozen=True)
class Message:
    """One DM: `text` says all that matters, `blocks` are Block Kit's plain dicts.

    `holds_figures` has the sent message remembered, so that it is deleted when the person opts out.
    """

    text: str
    blocks: list[dict[str, Any]]
    holds_figures: bool = False


@dataclass(frozen=True)
class Drop:
    """Nothing is to be sent: "opted out", "paused", "skipped", "nothing to say", "deactivated"."""

    reason: str


@dataclass(frozen=True)
class Later:
    """Not now: the person's window has passed for today. Composed anew from `until` on."""

    until: datetime


Answer = Message | Drop | Later
Composer = Callable[[Session, Sequence[Delivery], datetime], Mapping[str, Answer]]
"""From claimed deliveries of one kind to what to do with each, by delivery id; reads, in one transaction."""


class DeliverySettings(BaseModel):
    """How fast, how patiently. Times are in seconds.

    A post whose outcome is unknown is looked up `timeout_s + settle_s` after it at the earliest: what Slack accepted
    late has to be visible by then. `lease_s` is how long a dead worker holds up what it had claimed. Nobody posts for
    `unreachable_s` when Slack cannot be reached for once, for `trouble_s` when that, or no proof in its answers, goes
    on. A run ends after `run_s`, so that other work has its turn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_minute: int = Field(300, ge=1)
    burst: int = Field(50, ge=1)
    notices_share: float = Field(0.2, ge=0, lt=1)
    batch: int = Field(20, ge=1)
    lease_s: float = Field(120, gt=0)
    timeout_s: int = Field(10, ge=1)
    settle_s: float = Field(90, ge=0)
    backoff_s: float = Field(60, ge=0)
    unreachable_s: float = Field(15, ge=0)
    trouble_s: float = Field(60, ge=0)
    sweep_s: float = Field(3600, ge=0)
    run_s: float = Field(60, gt=0)
    max_refusals: int = Field(8, ge=1)

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_s)

    @property
    def settle(self) -> timedelta:
        """From the end of a post to the first look for it."""
        return timedelta(seconds=self.timeout_s + self.settle_s)

    @property
    def sweep_after(self) -> timedelta:
        """From sending a message again to looking whether it is there twice."""
        return timedelta(seconds=self.sweep_s)

    @property
    def rate(self) -> Rate:
        reserved = int(self.burst * self.notices_share)
        return Rate(timedelta(minutes=1) / self.per_minute, self.burst, reserved)

    def backoff(self, refusals: int) -> timedelta:
        """The wait after the try number `refusals`: none, 1, 3, 7 … and at last 63 times `backoff_s`."""
        return timedelta(seconds=self.backoff_s * (2 ** min(refusals - 1, 6) - 1))


@dataclass
class Tally:
    """What one run did. `resume_at`: when it is worth running again at the soonest, if something is held up."""

    sent: int = 0
    dropped: int = 0
    failed: int = 0
    postponed: int = 0
    refused: int = 0
    unknown: int = 0
    recovered: int = 0
    limited: int = 0
    resume_at: datetime | None = None
