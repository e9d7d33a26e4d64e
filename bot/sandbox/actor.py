"""Acting as a person: what Slack's own client lets them do, and the payloads it then sends to the app."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import payloads, pressing
from bot.sandbox.courier import Courier
from bot.sandbox.errors import Misuse
from bot.sandbox.filling import Values, complaints, fill
from bot.sandbox.model import Ack, Channel, Message, User
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.submission import apply_answer
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


def _result(ack: Ack | None) -> Result:
    if ack is None or ack.ok:
        return Result(ok=True, ack=ack)
    return Result(ok=False, error=NO_ANSWER if ack.late else ack.error, ack=ack)


class Actor:
    """One person at their screen. What Slack's client would not let them do raises Misuse."""

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
        return _result(self._courier.event(payloads.home_opened(self._workspace, self._user, channel, tab)))

    def say(self, text: str, channel: str | None = None, *, thread_ts: str | None = None) -> Result:
        """Types a message, by default into the DM with the app; `&`, `<`, `>` go out escaped, as Slack does."""
        escaped = html.escape(text, quote=False)
        return self._send(Message("", self._where(channel).id, self._user.id, escaped, thread_ts=thread_ts))

    def upload(self, name: str, content: bytes, channel: str | None = None) -> Result:
        """Drops a file into a conversation, by default into the DM with the app."""
        where = self._where(channel)
        file = self._workspace.new_file(name, self._user.id)
        file.content, file.length, file.uploaded, file.channel = content, len(content), True, where.id
        message = Message("", where.id, self._user.id, "", files=[file])
        result = self._send(message)
        file.shared_ts = message.ts
        return result

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
        channel = self._workspace.channels[message.channel]
        if BOT_USER_ID not in channel.members:
            return Result(ok=True)
        event = payloads.message_event(self._workspace, message, channel)
        ack = self._courier.event(event)
        if f"<@{BOT_USER_ID}>" in html.unescape(message.text) and not channel.is_im:
            ack = self._courier.event({**event, "type": "app_mention"}) or ack
        return _result(ack)

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
        return _result(ack)

    # Buttons, menus and inputs

    def press(
        self,
        action_id: str,
        block_id: str | None = None,
        *,
        message: Message | None = None,
        view: Json | None = None,
        selected: Any = None,
        value: str | None = None,
    ) -> Result:
        """Uses a button, menu or other element.

        Looks in `message` or `view`; else in the top modal, then the newest DM message that has it, then Home.
        `selected`: what was chosen (an option's value, an id, a date, or a list). `value` overrides what the button
        carries, to try out a forged one.
        """
        self._interactive()
        if message is None and view is None:
            message, view = pressing.find(self._workspace, self._id, action_id, block_id)
        blocks = view["blocks"] if view is not None else message.blocks if message else []
        block, element = pressing.locate(blocks, action_id, block_id)
        action = pressing.action(block, element, selected, value, self._workspace.new_ts())
        with self._workspace.lock:
            if view is not None:
                state = view["state"]["values"]
            else:
                state = self._workspace.message_state(self._id, _present(message))
            pressing.keep(state, block, element, selected)
            self._workspace.changed()
        if pressing.stays_here(block):
            return Result(ok=True)
        payload = self._from_view(view, action) if view else self._from_message(_present(message), action, state)
        return _result(self._courier.send("interactive", payload))

    def _from_view(self, view: Json, action: Json) -> Json:
        trigger_id = self._workspace.views.new_trigger(self._id, view["id"] if view["type"] == "modal" else None)
        return payloads.view_action(self._user, view, action, trigger_id)

    def _from_message(self, message: Message, action: Json, state: Json) -> Json:
        url = self._response_urls.new(self._id, message.channel, message)
        trigger_id = self._workspace.views.new_trigger(self._id)
        channel = self._workspace.channels[message.channel]
        return payloads.message_action(self._user, channel, message, action, state, trigger_id, url)

    # Modals

    def fill_and_submit(self, view: Json | None = None, values: Values | None = None) -> Result:
        """Fills in inputs of the top modal, by action_id or block_id, and submits it.

        What Slack's client would not let through is returned as `errors` and never reaches the app.
        """
        self._interactive()
        view = view or self._top()
        if not view["submit"]:
            raise Misuse("the modal has no submit button")
        state = fill(view, values or {})
        with self._workspace.lock:
            view["state"] = {"values": state}
        if errors := complaints(view, state):
            return Result(ok=False, errors=errors)
        trigger_id = self._workspace.views.new_trigger(self._id, view["id"])
        ack = self._courier.send("interactive", payloads.view_submission(self._user, view, trigger_id))
        if not ack.ok:
            return _result(ack)
        error, errors = apply_answer(self._workspace, self._id, view, ack.response)
        return Result(ok=not error and not errors, error=error, errors=errors, ack=ack)

    def close_modal(self, view: Json | None = None) -> Result:
        """Closes the top modal; the app hears of it only with notify_on_close."""
        view = view or self._top()
        cleared = bool(view["clear_on_close"])
        with self._workspace.lock:
            if cleared:
                self._workspace.views.clear(self._id)
            self._workspace.views.close(self._id, view["id"])
            self._workspace.changed()
        if not view["notify_on_close"]:
            return Result(ok=True)
        payload = payloads.view_closed(self._user, view, cleared=cleared)
        return _result(self._courier.send("interactive", payload))

    def _top(self) -> Json:
        modals = self._workspace.modals(self._id)
        if not modals:
            raise Misuse(f"{self._id} has no modal open")
        return modals[-1]

    def _installed(self) -> None:
        if self._workspace.refusal:
            raise Misuse("the app is not installed any more")

    def _interactive(self) -> None:
        self._installed()
        if not self._workspace.manifest.settings.interactivity.is_enabled:
            raise Misuse("this app is not configured to handle interactive responses")


def _present(message: Message | None) -> Message:
    if message is None or message.deleted:
        raise Misuse("the message is not there any more")
    return message
