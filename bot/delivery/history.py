"""Did it arrive? The DM's own history knows: every message carries its delivery's id in its metadata."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.delivery.posting import EVENT_TYPE, Limited, outcome_of
from bot.slack_errors import BROKEN
from storage.tables import Delivery

# Slack stamps messages with its clock, the row carries ours; where the two are a minute apart, nothing is posted.
# Too early costs a page; too late, a second message.
MARGIN = timedelta(minutes=10)
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
    """Nothing is proved. `final`: no later look can prove anything either. `wait`: Slack's 429, in seconds."""

    reason: str
    final: bool = False
    wait: float | None = None


def look_up(
    client: WebClient, delivery: Delivery, channel: str | None, goes_on: Callable[[], bool]
) -> Found | Absent | Unreadable:
    """Look for the delivery in the DM with its person; `channel` is the DM's id where it is known.

    A further page is read while `goes_on` says so.
    """
    try:
        return next(_found(client, delivery, channel, goes_on), Absent())
    except BROKEN as error:
        return _unreadable(error)


def copies(
    client: WebClient, delivery: Delivery, channel: str | None, goes_on: Callable[[], bool]
) -> list[Found] | Unreadable:
    """Every message that the DM holds of the delivery, newest first; pages as `look_up`."""
    try:
        return list(_found(client, delivery, channel, goes_on))
    except BROKEN as error:
        return _unreadable(error)


def _found(client: WebClient, delivery: Delivery, channel: str | None, goes_on: Callable[[], bool]) -> Iterator[Found]:
    channel = channel or _open(client, delivery.person_id)
    for message in _messages(client, channel, delivery, goes_on):
        if _is(message, delivery):
            yield Found(channel, _stamp(message))


def _open(client: WebClient, person_id: str) -> str:
    channel = client.conversations_open(users=person_id).get("channel")
    found = channel.get("id") if isinstance(channel, dict) else None
    if not isinstance(found, str):
        raise ValueError("conversations.open named no channel")
    return found


def _messages(
    client: WebClient, channel: str, delivery: Delivery, goes_on: Callable[[], bool]
) -> Iterator[dict[str, Any]]:
    """Every message since the first post can have begun, newest first.

    Raises `ValueError` when an answer is not a whole page.
    """
    oldest = f"{(min(delivery.due, delivery.started_at or delivery.due) - MARGIN).timestamp():.6f}"
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = client.conversations_history(
            channel=channel, oldest=oldest, include_all_metadata=True, limit=PAGE, cursor=cursor
        )
        answer = _whole(page)
        yield from answer["messages"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            if answer.get("has_more"):
                raise ValueError("conversations.history has more, but no cursor")
            return
        if not goes_on():
            raise ValueError("there is no time to read the rest of conversations.history")
    raise ValueError("conversations.history never ends")


def _whole(page: SlackResponse) -> dict[str, Any]:
    """Raises `ValueError` for whatever is no page of messages: what is not understood proves nothing."""
    answer = page.data
    if not isinstance(answer, dict) or not isinstance(answer.get("messages"), list):
        raise ValueError("conversations.history gave no list of messages")
    if not all(isinstance(message, dict) for message in answer["messages"]):
        raise ValueError("conversations.history gave something else than messages")
    if answer.get("is_limited"):
        raise ValueError("conversations.history holds back what is older than the workspace's plan shows")
    if not isinstance(answer.get("response_metadata") or {}, dict):
        raise ValueError("conversations.history gave no readable cursor")
    return answer


def _is(message: dict[str, Any], delivery: Delivery) -> bool:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(payload, dict):
        return False
    return metadata.get("event_type") == EVENT_TYPE and payload.get("id") == delivery.id


def _stamp(message: dict[str, Any]) -> str:
    stamp = message.get("ts")
    if not isinstance(stamp, str):
        raise ValueError("conversations.history gave a message without its ts")
    return stamp


def _unreadable(error: BaseException) -> Unreadable:
    match outcome_of(error):
        case Limited(reason, seconds):
            return Unreadable(reason, wait=seconds)
        case other:
            return Unreadable(other.reason, final=other.reason in GONE)
