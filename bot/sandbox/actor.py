"""Acting as a person: what Slack's own client lets them do, and the payloads it then sends to the app."""

from __future__ import annotations

from typing import Any

from bot.sandbox import payloads, pressing
from bot.sandbox.errors import Misuse
from bot.sandbox.filling import Values, complaint, complaints, fill
from bot.sandbox.model import Message
from bot.sandbox.pressing import Spot
from bot.sandbox.submission import apply_answer
from bot.sandbox.writing import Result, Writer, result

Json = dict[str, Any]


class Actor(Writer):
    """One person at their screen. What Slack's client would not let them do raises Misuse."""

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
        spot = self._spot(action_id, block_id, message, view)
        return self._use(spot, pressing.action(spot.block, spot.element, selected, value, self._workspace.new_ts()))

    def type_into(
        self,
        action_id: str,
        text: str,
        block_id: str | None = None,
        *,
        message: Message | None = None,
        view: Json | None = None,
    ) -> Result:
        """Types into a field of an input block and presses Enter; looks for it where `press` looks.

        The app hears of it only with `dispatch_action`. What Slack's client would not take is returned as `errors`.
        Empty text clears the field.
        """
        spot = self._spot(action_id, block_id, message, view)
        if spot.block["type"] != "input" or not spot.element["type"].endswith("_input"):
            raise Misuse(f"one cannot type into {action_id!r}: it is a {spot.element['type']}")
        if text and (problem := complaint(spot.block, spot.element, text)):
            return Result(ok=False, errors={spot.block["block_id"]: problem})
        return self._use(spot, pressing.action(spot.block, spot.element, text or None, None, self._workspace.new_ts()))

    def _spot(self, action_id: str, block_id: str | None, message: Message | None, view: Json | None) -> Spot:
        self._interactive()
        if message is None and view is None:
            message, view = pressing.find(self._workspace, self._id, action_id, block_id)
        if view is None:
            message = self._seen(message)
        blocks = view["blocks"] if view is not None else message.blocks if message else []
        block, element = pressing.locate(blocks, action_id, block_id)
        return Spot(block, element, message, view)

    def _seen(self, message: Message | None) -> Message:
        if message is None or message.deleted:
            raise Misuse("the message is not there any more")
        members = self._workspace.channels[message.channel].members
        if self._id not in members or message.ephemeral_to not in (None, self._id):
            raise Misuse(f"{self._id} does not see that message")
        return message

    def _use(self, spot: Spot, action: Json) -> Result:
        """Keeps what was chosen in the state of the surface, and tells the app unless the block is silent."""
        with self._workspace.lock:
            if spot.view is not None:
                state = spot.view["state"]["values"]
            else:
                state = self._workspace.message_state(self._id, self._seen(spot.message))
            pressing.keep(state, spot.block, spot.element, action)
            self._workspace.changed()
        if pressing.stays_here(spot.block):
            return Result(ok=True)
        payload = (
            self._from_view(spot.view, action)
            if spot.view is not None
            else self._from_message(self._seen(spot.message), action, state)
        )
        return result(self._courier.send("interactive", payload))

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
            return result(ack)
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
        return result(self._courier.send("interactive", payload))

    def _top(self) -> Json:
        modals = self._workspace.modals(self._id)
        if not modals:
            raise Misuse(f"{self._id} has no modal open")
        return modals[-1]
