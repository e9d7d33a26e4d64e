"""The least that a message can cost: the same post, and three raw commits of its one row around it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.delivery import Message, posting
from tests.bench.delivery_work import DUE, SETTINGS
from tests.bench.raw import Commit, committing

CLAIM = "UPDATE delivery SET state = 'claimed', claimed_by = 'bench', lease_until = ? WHERE id = ?"
START = "UPDATE delivery SET state = 'sending', started_at = ?, lease_until = ? WHERE id = ?"
MARK = (
    "UPDATE delivery SET state = 'sent', finished_at = ?, channel = ?, ts = ?, claimed_by = NULL, lease_until = NULL "
    "WHERE id = ?"
)


@dataclass(frozen=True)
class Floor:
    """`commit` runs one statement and commits it."""

    commit: Commit
    client: WebClient

    def send(self, delivery_id: str, person: str, message: Message) -> None:
        now = DUE.isoformat(" ")
        self.commit(CLAIM, (now, delivery_id))
        self.commit(START, (now, now, delivery_id))
        answer = self.client.chat_postMessage(
            channel=person,
            text=message.text,
            blocks=message.blocks,
            metadata={"event_type": posting.EVENT_TYPE, "event_payload": {"id": delivery_id}},
            unfurl_links=False,
            unfurl_media=False,
        )
        self.commit(MARK, (now, answer["channel"], answer["ts"], delivery_id))

    def send_all(self, ids: Mapping[str, str], messages: Mapping[str, Message]) -> None:
        """A message to each person, by the id of the delivery."""
        for person, delivery_id in ids.items():
            self.send(delivery_id, person, messages[person])


@contextmanager
def floor(engine: Engine, client: WebClient) -> Iterator[Floor]:
    """On a connection of its own to the same database, as durable as ours."""
    with committing(engine) as commit:
        yield Floor(commit, posting.sender(client, SETTINGS.timeout_s))
