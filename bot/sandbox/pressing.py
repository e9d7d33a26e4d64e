"""Buttons and menus: finding an element on a person's screen, and what using it sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.elements import KINDS, interactive
from bot.sandbox.errors import Misuse
from bot.sandbox.filling import complaint, entry, option_of
from bot.sandbox.model import Message
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]

PICKERS = ("datepicker", "timepicker")
"""Elements in which nobody can type nonsense: Slack's client offers a calendar or a list."""


@dataclass(frozen=True)
class Spot:
    """An element on a person's screen, in its block, in a message or a view: exactly one of the two is there."""

    block: Json
    element: Json
    message: Message | None
    view: Json | None


def locate(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The (block, element) of that action id; Misuse when it is not there."""
    for block, element in interactive(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise Misuse(f"no element {action_id!r} there, only {[each['action_id'] for _, each in interactive(blocks)]}")


def has(blocks: list[Json], action_id: str, block_id: str | None) -> bool:
    """Whether the element is among the blocks."""
    try:
        locate(blocks, action_id, block_id)
    except Misuse:
        return False
    return True


def find(workspace: Workspace, user: str, action_id: str, block_id: str | None) -> tuple[Message | None, Json | None]:
    """Where a person sees the element: the top modal, the newest DM message that has it, or Home."""
    modals, home = workspace.modals(user), workspace.home(user)
    if modals and has(modals[-1]["blocks"], action_id, block_id):
        return None, modals[-1]
    dm = workspace.dm(user)
    for message in reversed(workspace.messages(dm) if dm else []):
        if has(message.blocks, action_id, block_id):
            return message, None
    if home and has(home["blocks"], action_id, block_id):
        return None, home
    raise Misuse(f"{user} sees no element {action_id!r}")


def action(block: Json, element: Json, selected: Any, value: str | None, action_ts: str) -> Json:
    """The entry of a payload's `actions`, with what this kind of element carries."""
    common: Json = {
        "action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"],
        "action_ts": action_ts,
    }  # fmt: skip
    if element["type"] in ("button", "icon_button"):
        carried = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        return common | carried | ({"value": value} if value is not None else {})
    if element["type"] == "feedback_buttons":
        chosen = {element[name]["value"]: element[name] for name in ("positive_button", "negative_button")}
        if selected not in chosen:
            raise Misuse(f"{element['action_id']} has no button {selected!r}, only {sorted(chosen)}")
        return common | {"text": chosen[selected]["text"], "value": selected}
    if element["type"] == "overflow":
        return common | {"selected_option": option_of(element, selected)}
    if selected is not None and element["type"] in PICKERS and (problem := complaint(block, element, selected)):
        raise Misuse(f"{element['action_id']}: {problem}")
    return common | entry(element, selected)


def stays_here(block: Json) -> bool:
    """Whether using an element only changes what is on the screen: inputs that do not dispatch."""
    return block["type"] == "input" and not block.get("dispatch_action")


def keep(state: Json, block: Json, element: Json, action: Json) -> None:
    """Keeps in `state.values` what the action chose, for elements that have a state."""
    if kind := KINDS.get(element["type"]):
        kept = {"type": element["type"], kind.key: action[kind.key]}
        state.setdefault(block["block_id"], {})[element["action_id"]] = kept
