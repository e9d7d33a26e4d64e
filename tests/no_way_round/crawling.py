"""Walking through all that somebody can see and press, as themselves, and keeping what others could press instead."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import payloads, pressing
from bot.sandbox.elements import interactive, options_of
from bot.sandbox.errors import Misuse
from bot.sandbox.model import Ack, Message
from tests.candor import Candor

View = dict[str, Any]
# After these there is nothing left to look at.
ENDING = {"held.erase_now", "policy.publish", "draft.publish", "draft.discard", "draft.confirm", "pulse.close"}
# Forms that are sent as they stand, to see what comes after them.
SENT = {"pulse.compose", "summary.choose", "summary.find", "draft.schedule", "asking.submit"}
DEEPEST = 3


@dataclass(frozen=True)
class Item:
    """Something that can be pressed: an element of a message or of a view."""

    block: View
    element: View
    message: Message | None = None
    view: View | None = None

    @property
    def name(self) -> str:
        return str(self.element["action_id"])

    @property
    def key(self) -> tuple[str, str, str]:
        carried = self.element.get("value") or (self.view or {}).get("private_metadata", "")
        return self.name, str(self.element["type"]), str(carried)

    def choice(self) -> Any:
        """What somebody would choose in it first."""
        offered = options_of(self.element)
        if offered:
            first = offered[0]["value"]
            return [first] if self.element["type"].startswith(("multi", "checkboxes")) else first
        if self.element["type"] == "feedback_buttons":
            return self.element["positive_button"]["value"]
        return {"plain_text_input": "How long is my usage kept?", "datepicker": "2026-12-24"}.get(self.element["type"])


@dataclass
class Harvest:
    """What was found: items by what they carry, and forms by what they are about."""

    items: dict[tuple[str, str, str], Item] = field(default_factory=dict)
    forms: dict[tuple[str, str], View] = field(default_factory=dict)

    def names(self) -> set[str]:
        return {f"action {item.name}" for item in self.items.values()} | {f"view {name}" for name, _ in self.forms}

    def add(self, other: "Harvest") -> None:
        """What the other one has of kinds that are not here yet."""
        mine = self.names()
        self.items |= {key: item for key, item in other.items.items() if f"action {item.name}" not in mine}
        self.forms |= {key: form for key, form in other.forms.items() if f"view {key[0]}" not in mine}


class Crawler:
    """One person at their screen who presses everything once."""

    def __init__(self, candor: Candor, person: str) -> None:
        self.candor, self.person = candor, person
        self.user, self.workspace = candor.sandbox.user(person), candor.sandbox.workspace
        self.found = Harvest()

    def walk(self, words: tuple[str, ...] = ()) -> Harvest:
        """Home, the messages, and what each of these words opens when it is typed."""
        self.user.open_home()
        for word in ("", *words):
            if word:
                self.user.command("/candor", word)
                self.user.say(word)
            self._look(0)
            self._close_to(0)
        return self.found

    def _look(self, depth: int) -> None:
        """Press whatever is new where the person looks; what vanishes meanwhile is kept all the same."""
        waiting: list[Item] = []
        while True:
            for item in self._seen():
                if self.found.items.setdefault(item.key, item) is item:
                    waiting.append(item)
            if not waiting:
                return
            self._press(waiting.pop(0), depth)

    def _seen(self) -> Iterator[Item]:
        if modals := self.workspace.modals(self.person):
            view = modals[-1]
            if view.get("submit"):
                self.found.forms.setdefault((view["callback_id"], view["private_metadata"]), copy.deepcopy(view))
            yield from _of_view(view)
            return
        for message in reversed(self._messages()):
            for block, element in interactive(message.blocks):
                yield Item(block, element, message=copy.deepcopy(message))
        if home := self.workspace.home(self.person):
            yield from _of_view(home)

    def _messages(self) -> list[Message]:
        channels = [each for each in self.workspace.channels.values() if self.person in each.members]
        return [message for each in channels for message in self.workspace.messages(each.id)]

    def _press(self, item: Item, depth: int) -> None:
        if item.name in ENDING or not _alone(item):
            return
        try:
            self.user.press(
                item.name, item.block.get("block_id"), message=item.message, view=item.view, selected=item.choice()
            )
        except Misuse:
            # It is gone: what was pressed before has changed the message or the view.
            return
        if depth < DEEPEST and len(self.workspace.modals(self.person)) > depth:
            self._within(depth + 1)
        self._close_to(depth)

    def _within(self, depth: int) -> None:
        self._look(depth)
        modals = self.workspace.modals(self.person)
        if len(modals) >= depth and modals[-1]["callback_id"] in SENT and modals[-1].get("submit"):
            self.user.fill_and_submit()
            self._look(depth)

    def _close_to(self, depth: int) -> None:
        while len(self.workspace.modals(self.person)) > depth:
            self.user.close_modal()


def _alone(item: Item) -> bool:
    """Whether it tells the app anything: inputs of a form wait until the form is sent."""
    return not pressing.stays_here(item.block)


def _of_view(view: View) -> Iterator[Item]:
    for block, element in interactive(view["blocks"]):
        yield Item(block, element, view=view)


def made_up(found: Harvest, kind: str, name: str, carried: str) -> None:
    """Add something that nobody came across: a button or a form of this name that carries this."""
    view: View = {
        "id": "V0MADEUP", "type": "modal", "callback_id": name, "private_metadata": carried, "hash": "1.1",
        "root_view_id": "V0MADEUP", "previous_view_id": None, "blocks": [], "state": {"values": {}}, "submit": None,
        "title": {"type": "plain_text", "text": name}, "app_id": "A0SANDBOX1", "team_id": "T0SANDBOX1",
    }  # fmt: skip
    if kind == "view":
        found.forms[name, carried] = view
        return
    element = {"type": "button", "action_id": name, "value": carried, "text": {"type": "plain_text", "text": name}}
    item = Item({"type": "actions", "block_id": "made-up", "elements": [element]}, element, view=view)
    found.items[item.key] = item


class Attacker:
    """Somebody who sends what another person could press or fill in."""

    def __init__(self, candor: Candor, person: str) -> None:
        self.candor, self.person = candor, person
        self.user = candor.sandbox.workspace.users[person]

    def press(self, item: Item) -> Ack | None:
        """As if the element stood on their own screen, carrying what it carries on the other's."""
        if not _alone(item):
            return None
        workspace = self.candor.sandbox.workspace
        trigger = workspace.views.new_trigger(self.person)
        action = pressing.action(item.block, item.element, item.choice(), None, workspace.new_ts())
        if item.view is not None:
            payload = payloads.view_action(self.user, item.view, action, trigger)
        else:
            assert item.message is not None
            channel = workspace.open_dm(self.person)
            payload = payloads.message_action(self.user, channel, item.message, action, {}, trigger, "")
        return self.candor.sandbox.send_raw(payload, "interactive")

    def submit(self, form: View) -> Ack:
        """The other's form, filled in as it was opened."""
        trigger = self.candor.sandbox.workspace.views.new_trigger(self.person)
        return self.candor.sandbox.send_raw(payloads.view_submission(self.user, form, trigger), "interactive")
