"""What a transport is given, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Json = dict[str, Any]
PayloadKind = Literal["events_api", "interactive", "slash_commands"]

ACK_SECONDS = 3.0
"""An app that has not acknowledged by then has failed."""


@dataclass(frozen=True)
class Parcel:
    """One delivery attempt. `retry_num` is 0 for the first."""

    kind: PayloadKind
    payload: Json
    envelope_id: str
    retry_num: int = 0
    retry_reason: str | None = None


@dataclass(frozen=True)
class Reply:
    """The app's answer: `error` is None when it acknowledged; `body` is what came with the ack, None when nothing.

    `retry` is False when the app asked not to be sent this again.
    """

    error: str | None = None
    body: Json | None = None
    retry: bool = True


class Transport(Protocol):
    """Brings one parcel to the app and waits for the ack. `retries`: whether Slack would try again by this way."""

    retries: bool

    def send(self, parcel: Parcel) -> Reply: ...
