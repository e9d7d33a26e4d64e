"""What a thread is about: the newest answer in it says so in its metadata, by numbers that mean nothing to others."""

import re
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient

from bot.blocks import Block
from bot.edge import Shown
from bot.policy.asking.reply import Reply
from bot.slack_errors import BROKEN

_PACKED = re.compile(r"([A-Z0-9]+) (\d+\.\d+) (\d+\.\d+)")
EVENT_TYPE = "candor_answer"
MOST = 200


def metadata_of(reply: Reply) -> dict[str, Any] | None:
    """What the message of an answer carries: version and clause of its first passage; None without a passage."""
    if not reply.quotes:
        return None
    first = reply.quotes[0]
    return {"event_type": EVENT_TYPE, "event_payload": {"version": first.version, "clause": first.clause}}


def followed(client: WebClient, channel: str, thread_ts: str) -> tuple[int, int] | None:
    """(version, clause) of the newest answer among the first messages of a thread.

    None when there is none, or Slack does not tell: then a follow-up is answered as a question of its own.
    """
    try:
        answer = client.conversations_replies(channel=channel, ts=thread_ts, include_all_metadata=True, limit=MOST).get(
            "messages"
        )
    except BROKEN:
        return None
    found = [_place(message) for message in answer] if isinstance(answer, list) else []
    return next((place for place in reversed(found) if place), None)


def packed(shown: Shown) -> str:
    """Where the message of an answer stands, for a form to carry; empty for a modal."""
    if shown.view is not None or not shown.channel or not shown.ts:
        return ""
    return f"{shown.channel} {shown.thread_ts or shown.ts} {shown.ts}"


def update(client: WebClient, place: str, changed: Callable[[list[Block]], list[Block]]) -> None:
    """Change the blocks of the message at a place that `packed` gave. Nothing depends on it: where Slack does not find
    the message, or does not answer, it stays as it is."""
    if not (found := _PACKED.fullmatch(place)):
        return
    channel, thread_ts, ts = found.groups()
    try:
        said = client.conversations_replies(channel=channel, ts=thread_ts, limit=MOST).get("messages") or []
        for message in said:
            if message.get("ts") == ts:
                blocks = changed(message.get("blocks") or [])
                client.chat_update(channel=channel, ts=ts, text=message.get("text") or "", blocks=blocks)
    except BROKEN:
        return


def _place(message: Any) -> tuple[int, int] | None:
    metadata = message.get("metadata") if isinstance(message, dict) else None
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    place = (payload.get("version"), payload.get("clause")) if isinstance(payload, dict) else ()
    match place:
        case (int(version), int(clause)):
            return version, clause
    return None
