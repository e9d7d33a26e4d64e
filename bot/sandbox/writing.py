"""What a person does without pressing anything: opening tabs, writing, dropping files, typing commands."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import payloads
from bot.sandbox.courier import Courier
from bot.sandbox.errors import ApiError, Misuse
from bot.sandbox.methods.files import MOST_BYTES
from bot.sandbox.model import Ack, Channel, Message, User
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.workspace import BOT_USER_ID, Workspace

Json = dict[str, Any]

NO_ANSWER = "the app did not answer in 3 seconds"


@dataclass(frozen=True)
class Result:
    """What came of an act.

    `ok`: the app acknowledged in time and refused nothing. `errors`: complaints beneath inputs, by block_id, from
    Slack's client or from the app. `error`: any other failure, in words. `ack` is None when nothing was sent.
    """

    ok: bool
    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    ack: Ack | None = None


def result(ack: Ack | None) -> Result:
    if ack is None or ack.ok:
        return Result(ok=True, ack=ack)
    return Result(ok=False, error=NO_ANSWER if ack.late else ack.error, ack=ack)


class Writer:
    """One person at their screen, with a keyboard. What Slack's client would not let them do raises Misuse."""

    def __init__(self, workspace: Workspace, courier: Courier, response_urls: ResponseUrls, user_id: str):
        self._workspace = workspace
        self._courier = courier
        self._response_urls = response_urls
        self._id = user_id

    @property
    def _user(self) -> User:
        user = self._workspace.users[self._id]
        if user.deleted:
            raise Misuse(f"{user.id} is deactivated and cannot sign in")
        return user

    # Home and messages

    def open_home(self) -> Result:
        """Opens the app's Home tab."""
        if not self._workspace.manifest.home_tab:
            raise Misuse("the app has no Home tab")
        return self._open_tab("home")

    def open_messages(self) -> Result:
        """Opens the app's Messages tab."""
        return self._open_tab("messages")

    def _open_tab(self, tab: str) -> Result:
        channel = self._workspace.open_dm(self._user.id)
        return result(self._courier.event(payloads.home_opened(self._workspace, self._user, channel, tab)))

    def say(self, text: str, channel: str | None = None, *, thread_ts: str | None = None) -> Result:
        """Types a message, by default into the DM with the app; `&`, `<`, `>` go out escaped, as Slack does.

        `thread_ts` names the first message of the thread to answer in.
        """
        return self._send(self._written(html.escape(text, quote=False), channel, thread_ts))

    def upload(
        self,
        filename: str,
        content: bytes,
        text: str = "",
        channel: str | None = None,
        *,
        thread_ts: str | None = None,
    ) -> Message:
        """Drops a file into a conversation, by default into the DM with the app, with `text` beside it.

        Returns the message that carries it. More than Slack's gigabyte raises Misuse.
        """
        if len(content) > MOST_BYTES:
            raise Misuse(f"{filename} is too large: files may have up to {MOST_BYTES} bytes")
        message = self._written(html.escape(text, quote=False), channel, thread_ts)
        file = self._workspace.new_file(filename, self._user.id)
        file.content, file.length, file.uploaded, file.channel = content, len(content), True, message.channel
        message.files.append(file)
        self._send(message)
        return message

    def _written(self, text: str, channel_id: str | None, thread_ts: str | None) -> Message:
        """A message not yet sent; Misuse where the person cannot write, or there is no such thread to see."""
        channel = self._where(channel_id)
        if thread_ts is not None:
            try:
                self._workspace.thread(channel.id, thread_ts)
            except ApiError:
                raise Misuse(f"{self._id} sees no message {thread_ts} to answer in {channel.id}") from None
        return Message("", channel.id, self._user.id, text, thread_ts=thread_ts)

    def _where(self, channel_id: str | None) -> Channel:
        """The conversation to write into; Misuse where the person cannot."""
        if channel_id is not None and channel_id != self._workspace.dm(self._id):
            channel = self._workspace.channels.get(channel_id)
            if channel is None or self._user.id not in channel.members:
                raise Misuse(f"{self._id} is not in {channel_id}")
            return channel
        if not self._workspace.manifest.messages_tab_writable:
            raise Misuse("sending messages to this app has been turned off")
        return self._workspace.open_dm(self._user.id)

    def _send(self, message: Message) -> Result:
        self._workspace.post(message)
        for file in message.files:
            file.shared_ts = message.ts
        channel = self._workspace.channels[message.channel]
        if BOT_USER_ID not in channel.members:
            return Result(ok=True)
        event = payloads.message_event(self._workspace, message, channel)
        ack = self._courier.event(event)
        if f"<@{BOT_USER_ID}>" in html.unescape(message.text) and not channel.is_im:
            ack = self._courier.event({**event, "type": "app_mention"}) or ack
        return result(ack)

    # Commands

    def command(self, command: str, text: str = "", channel: str | None = None) -> Result:
        """Types a slash command, by default in the DM with the app."""
        workspace = self._workspace
        if workspace.manifest.command(command) is None:
            raise Misuse(f"{command} is not a valid command")
        self._installed()
        where = workspace.channels[channel] if channel else workspace.open_dm(self._user.id)
        if self._user.id not in where.members:
            raise Misuse(f"{self._id} is not in {where.id}")
        trigger_id = workspace.views.new_trigger(self._id)
        url = self._response_urls.new(self._id, where.id)
        payload = payloads.slash_command(self._user, where, command, text, trigger_id, url)
        ack = self._courier.send("slash_commands", payload)
        if ack.ok and ack.response:
            self._response_urls.answer(url.rpartition("/")[2], ack.response)
        return result(ack)

    # What has to be so

    def _installed(self) -> None:
        if self._workspace.refusal:
            raise Misuse("the app is not installed any more")

    def _interactive(self) -> None:
        self._installed()
        if not self._workspace.manifest.settings.interactivity.is_enabled:
            raise Misuse("this app is not configured to handle interactive responses")
