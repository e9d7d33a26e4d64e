"""Interactive elements: where each keeps what a person chose, in actions, in view state and in its own block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """How one element type carries its value.

    `key` is the field of `actions[]` and `state.values`; `initial` the element's own field; `option` says that
    values are option objects of the element; `many` that there can be several.
    """

    key: str
    initial: str
    option: bool = False
    many: bool = False

    @property
    def empty(self) -> Any:
        return [] if self.many else None


KINDS: dict[str, Kind] = {
    "plain_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "radio_buttons": Kind("selected_option", "initial_option", option=True),
    "static_select": Kind("selected_option", "initial_option", option=True),
    "checkboxes": Kind("selected_options", "initial_options", option=True, many=True),
    "multi_static_select": Kind("selected_options", "initial_options", option=True, many=True),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "file_input": Kind("files", "", many=True),
}
"""Elements that keep a state. Buttons, overflow menus and the rest only send actions."""


def options_of(element: Json) -> list[Json]:
    """The options of a select, radio group, checkbox group or overflow menu, groups flattened."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(each for group in groups for each in group.get("options", []))]


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that carries an action_id, in the order in which they are shown."""
    for block in blocks:
        for element in _elements(block):
            if "action_id" in element:
                yield block, element
        for key in ("child_blocks", "elements"):
            inner = [each for each in block.get(key) or [] if isinstance(each, dict) and "block_id" in each]
            yield from interactive(inner)


def _elements(block: Json) -> list[Json]:
    single = [block.get("accessory"), block.get("element")]
    several = [*(block.get("elements") or []), *(block.get("actions") or [])]
    return [each for each in [*single, *several] if isinstance(each, dict)]


def initial_state(blocks: list[Json]) -> Json:
    """`state.values` of a surface that nobody has touched: each element's initial value, or empty."""
    values: Json = {}
    for block, element in interactive(blocks):
        if kind := KINDS.get(element["type"]):
            value = element.get(kind.initial, kind.empty)
            values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], kind.key: value}
    return values


def carried_over(blocks: list[Json], before: Json) -> Json:
    """The state of updated blocks: what a person had put in stays where block, action and type are the same."""
    values = initial_state(blocks)
    for block_id, actions in values.items():
        for action_id, entry in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == entry["type"]:
                actions[action_id] = old
    return values
