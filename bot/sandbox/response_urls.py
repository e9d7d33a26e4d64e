"""response_url: answering a command or an action without a token, up to five times within 30 minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.blocks import completed
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import messages as limits
from bot.sandbox.model import Message
from bot.sandbox.workspace import BOT_USER_ID, TEAM_ID, Workspace

Json = dict[str, Any]

USES, LIFETIME = 5, timedelta(minutes=30)


@dataclass
class _Address:
    user: str
    channel: str
    source: Message | None
    until: datetime
    left: int = USES


class ResponseUrls:
    """The addresses that were handed out."""

    def __init__(self, workspace: Workspace):
        self._workspace = workspace
        self._addresses: dict[str, _Address] = {}

    def new(self, user: str, channel: str, source: Message | None = None) -> str:
        """An address for answers to `user` in `channel`; `source` is the message whose button was pressed."""
        key = secrets.token_urlsafe(16)
        until = self._workspace.clock() + LIFETIME
        self._addresses[key] = _Address(user, channel, source, until)
        return f"{self._workspace.url}/response/{TEAM_ID}/{key}"

    def answer(self, key: str, payload: Json) -> Message | None:
        """Posts, replaces or deletes as the payload says; raises ApiError with status 404 for a spent address."""
        with self._workspace.lock:
            address = self._addresses.get(key)
            if address is None or address.left == 0 or self._workspace.clock() > address.until:
                raise ApiError("expired_url", status=404)
            address.left -= 1
            return self._apply(address, Args(payload))

    def _apply(self, address: _Address, args: Args) -> Message | None:
        if args.flag("delete_original"):
            self._original(address).deleted = True
            self._workspace.changed()
            return None
        text = args.maybe_text("text") or ""
        blocks, attachments = limits.parsed_blocks(args.raw.get("blocks")), args.objects("attachments")
        limits.check_message(text=text, blocks=blocks, attachments=attachments, metadata=None)
        if args.flag("replace_original"):
            return self._replace(self._original(address), text, completed(blocks))
        return self._workspace.post(self._new(address, args, text, completed(blocks)))

    def _new(self, address: _Address, args: Args, text: str, blocks: list[Json]) -> Message:
        """A message of its own, for one person unless the payload says otherwise; in a thread only when told so."""
        to = None if args.maybe_text("response_type") == "in_channel" else address.user
        thread_ts = args.maybe_text("thread_ts") or None
        return Message("", address.channel, BOT_USER_ID, text, blocks, ephemeral_to=to, thread_ts=thread_ts)

    def _original(self, address: _Address) -> Message:
        if address.source is None or address.source.deleted:
            raise ApiError("message_not_found", status=404)
        return address.source

    def _replace(self, message: Message, text: str, blocks: list[Json]) -> Message:
        message.text, message.blocks, message.edited = text, blocks, True
        self._workspace.changed()
        return message
