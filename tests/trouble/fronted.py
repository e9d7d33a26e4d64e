"""The outbox's world, with a server before Slack whose answers a test can choose."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot.delivery import DeliverySettings, Outbox
from bot.troubles import Troubles
from tests.delivery.world import FAST, WORKSPACE, World
from tests.trouble.front import Front

POST, HISTORY, OPEN = "chat.postMessage", "conversations.history", "conversations.open"


@dataclass
class Fronted(World):
    front: Front = field(kw_only=True)

    def outbox(
        self,
        worker: str = "one",
        settings: DeliverySettings = FAST,
        token: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        troubles: Troubles | None = None,
    ) -> Outbox:
        return Outbox(
            self.sessions,
            WebClient(token=token or self.slack.bot_token, base_url=self.front.api_url),
            self.composers,
            self.clock,
            workspace_id=WORKSPACE,
            worker=worker,
            settings=settings,
            monotonic=monotonic,
            troubles=troubles,
        )

    def crowd(self, number: int) -> list[str]:
        """So many people to whom a message is owed."""
        people = [f"U{each:05}" for each in range(number)]
        self.add_people(*people)
        self.plan(*people)
        return people

    def run_for(self, outbox: Outbox, minutes: float, every_s: float = 10) -> None:
        """Run every few seconds as time goes by: more often than a ticker does."""
        for _ in range(round(minutes * 60 / every_s)):
            outbox.run(self.clock())
            self.clock.advance(every_s)
