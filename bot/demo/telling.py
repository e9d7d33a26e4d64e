"""What scenes of the demo's story have in common: they act on the stage, wait, and say what is seen."""

import time
from collections.abc import Callable
from typing import TypeVar

from bot.demo.stage import Stage
from bot.errors import OperatorError
from bot.sandbox.model import Message

PATIENCE = 10.0
Say = Callable[[str], None]
T = TypeVar("T")


class Scene:
    """Told through `say`. Raises `OperatorError` where it does not go on."""

    def __init__(self, stage: Stage, say: Say) -> None:
        self._stage, self._say = stage, say
        self._workspace = stage.sandbox.workspace

    def _title(self, text: str) -> None:
        self._say(f"\n### {text}\n")

    def _messages_of(self, person_id: str) -> list[Message]:
        """The bot's messages in this person's DM, oldest first."""
        channel = self._workspace.dm(person_id)
        messages = self._workspace.messages(channel) if channel else []
        return [message for message in messages if message.user == self._workspace.bot_user_id]

    def _until(self, what: str, look: Callable[[], T | None]) -> T:
        """What `look` returns once it is something: after its ack, the bot works on in its own threads."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(0.02)
        raise OperatorError(f"The story stops: {what} did not come within {PATIENCE:.0f} seconds.")
