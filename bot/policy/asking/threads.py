"""What a thread is about: the newest answer in it says so in its metadata, by numbers that mean nothing to others."""

from typing import Any

from slack_sdk import WebClient

from bot.policy.asking.reply import Reply
from bot.slack_errors import BROKEN

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
