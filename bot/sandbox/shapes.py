"""Messages and files as the Web API, events and payloads show them."""

from __future__ import annotations

import mimetypes
from typing import Any

from bot.sandbox.model import File, Message
from bot.sandbox.workspace import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID

Json = dict[str, Any]


def message_json(message: Message, *, with_metadata: bool = False) -> Json:
    """A message; `metadata` only where it is asked for."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": TEAM_ID}
    if message.user == BOT_USER_ID:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.files:
        shown["files"] = [file_json(each) for each in message.files]
    if message.thread_ts:
        shown |= _thread_json(message)
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def _thread_json(message: Message) -> Json:
    """Where a message stands in its thread: a reply names its parent's author, a parent counts its replies."""
    if message.is_reply:
        parent = {"parent_user_id": message.parent_user} if message.parent_user else {}
        return {"thread_ts": message.thread_ts, **parent}
    replies = [each for each in message.replies if not each.deleted]
    if not replies:
        return {"thread_ts": message.thread_ts}
    writers = list(dict.fromkeys(each.user for each in replies))
    return {
        "thread_ts": message.thread_ts, "reply_count": len(replies), "reply_users_count": len(writers),
        "reply_users": writers[:5], "latest_reply": replies[-1].ts, "is_locked": False, "subscribed": True,
    }  # fmt: skip


_TEXT_TYPES = {
    "md": ("markdown", "Markdown (raw)"),
    "markdown": ("markdown", "Markdown (raw)"),
    "txt": ("text", "Plain Text"),
    "csv": ("csv", "CSV"),
}
"""Endings of files that Slack shows as text: its own name for the type, and the name it shows to people."""

MOST_SNIPPET = 1_000_000


def file_json(file: File) -> Json:
    """A file; one that was deleted is a tombstone. Slack takes short text files for snippets."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    ending = file.name.rpartition(".")[2].lower() if "." in file.name else ""
    snippet = ending in _TEXT_TYPES and len(file.content) <= MOST_SNIPPET
    return {
        "id": file.id, "created": file.created, "timestamp": file.created, "name": file.name, "title": file.title,
        "user": file.user, "user_team": TEAM_ID, **_type(file.name, ending), "editable": snippet,
        "size": len(file.content), "mode": "snippet" if snippet else "hosted", "is_external": False,
        "external_type": "", "is_public": False, "public_url_shared": False, "display_as_bot": False, "username": "",
        "url_private": file.url, "url_private_download": file.download_url,
    }  # fmt: skip


def _type(name: str, ending: str) -> Json:
    """What the name says about the content; Slack calls text files text/plain, Markdown too."""
    if ending in _TEXT_TYPES:
        kind, words = _TEXT_TYPES[ending]
        return {"mimetype": "text/csv" if ending == "csv" else "text/plain", "filetype": kind, "pretty_type": words}
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"mimetype": guessed, "filetype": ending or "binary", "pretty_type": ending.upper() or "Binary"}
