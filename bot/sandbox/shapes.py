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
        shown["thread_ts"] = message.thread_ts
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def file_json(file: File) -> Json:
    """A file; one that was deleted is a tombstone."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    return {
        "id": file.id, "created": 0, "name": file.name, "title": file.title, "user": file.user,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": file.name.rpartition(".")[2] or "binary", "size": len(file.content), "mode": "hosted",
        "is_external": False, "is_public": False, "url_private": file.url, "url_private_download": file.url,
    }  # fmt: skip
