"""Where a message with buttons stands, so that it can be brought up to date."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.blocks import Block
from bot.slack_errors import BROKEN, error_code

log = structlog.get_logger("candor.policy")


@dataclass(frozen=True)
class Place:
    """A message's channel and time stamp; both empty where a button did not stand in a message."""

    channel: str = ""
    ts: str = ""

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Place":
        """Where the pressed button stood."""
        container = body.get("container") or {}
        return cls(container.get("channel_id") or "", container.get("message_ts") or "")

    @classmethod
    def parse(cls, subject: str) -> "Place":
        channel, _, ts = subject.partition("/")
        return cls(channel, ts)

    @property
    def subject(self) -> str:
        return f"{self.channel}/{self.ts}"

    def show(self, client: WebClient, said: tuple[str, list[Block]]) -> None:
        """Put this in the message's place. What was decided is done, whether Slack shows it or not."""
        if not self.ts:
            return
        try:
            client.chat_update(channel=self.channel, ts=self.ts, text=said[0], blocks=said[1])
        except BROKEN as error:
            log.warning("message not brought up to date", error=error_code(error))
