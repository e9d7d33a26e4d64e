"""Did it arrive? The DM's own history knows: every message carries its delivery's id in its metadata."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient

from bot.delivery.posting import EVENT_TYPE, outcome_of
from bot.slack_errors import BROKEN
from storage.tables import Delivery

# Slack stamps messages with its clock, the row carries ours. Too early costs a page; too late, a second message.
MARGIN = timedelta(days=1)
PAGE = 200
MOST_PAGES = 50
GONE = frozenset({"cannot_dm_bot", "channel_not_found", "user_disabled", "user_not_found", "user_not_visible"})


@dataclass(frozen=True)
class Found:
    """The message is there."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Absent:
    """The whole history since the post was read: it is not there."""


@dataclass(frozen=True)
class Unreadable:
    """Nothing is proved. `final`: no later look can prove anything either."""

    reason: str
    final: bool = False


def look_up(client: WebClient, delivery: Delivery, channel: str | None) -> Found | Absent | Unreadable:
    """Look for the delivery in the DM with its person; `channel` is the DM's id where it is known."""
    try:
        channel = channel or _open(client, delivery.person_id)
        for message in _messages(client, channel, delivery):
            if _is(message, delivery):
                return Found(channel, message["ts"])
    except BROKEN as error:
        return _unreadable(error)
    return Absent()


def _open(client: WebClient, person_id: str) -> str:
    channel = (client.conversations_open(users=person_id).get("channel") or {}).get("id")
    if not isinstance(channel, str):
        raise ValueError("conversations.open named no channel")
    return channel


def _messages(client: WebClient, channel: str, delivery: Delivery) -> Iterator[dict[str, Any]]:
    """Every message since the post, newest first. Raises `ValueError` when an answer is not a whole page."""
    if delivery.started_at is None:
        raise ValueError("a delivery that was never started has no outcome to look up")
    oldest = f"{(delivery.started_at - MARGIN).timestamp():.6f}"
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        answer = client.conversations_history(
            channel=channel, oldest=oldest, include_all_metadata=True, limit=PAGE, cursor=cursor
        )
        messages = answer.get("messages")
        if not isinstance(messages, list):
            raise ValueError("conversations.history gave no list of messages")
        yield from messages
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            if answer.get("has_more"):
                raise ValueError("conversations.history has more, but no cursor")
            return
    raise ValueError("conversations.history never ends")


def _is(message: dict[str, Any], delivery: Delivery) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT_TYPE and payload.get("id") == delivery.id


def _unreadable(error: BaseException) -> Unreadable:
    reason = outcome_of(error).reason
    return Unreadable(reason, final=reason in GONE)
