"""The outbox's world, with a server before Slack whose answers a test can choose."""

from dataclasses import dataclass, field

from bot.delivery import Outbox
from tests.delivery.world import World
from tests.trouble.front import Front

POST, HISTORY, OPEN = "chat.postMessage", "conversations.history", "conversations.open"


@dataclass
class Fronted(World):
    front: Front = field(kw_only=True)

    @property
    def api_url(self) -> str:
        return self.front.api_url

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
