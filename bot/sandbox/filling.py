"""What a person puts into inputs: checked as Slack's client checks it, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.sandbox.elements import KINDS, interactive, options_of
from bot.sandbox.errors import Misuse

Json = dict[str, Any]
Values = Mapping[str, Any] | Mapping[tuple[str, str], Any]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def entry(element: Json, value: Any) -> Json:
    """The `state.values` entry of an element for what a person chose.

    `value` is text, an ISO date, an id, an option's value, or a list of those; None clears the field.
    An option that the element does not offer raises Misuse.
    """
    kind = KINDS[element["type"]]
    if value is None:
        return {"type": element["type"], kind.key: kind.empty}
    values = list(value) if kind.many else [value]
    if kind.option:
        values = [_option(element, each) for each in values]
    elif kind.key == "value":
        values = [str(each) for each in values]
    return {"type": element["type"], kind.key: values if kind.many else values[0]}


def option_of(element: Json, value: Any) -> Json:
    """The option of that value, as the app sent it; Misuse when it is not among the options."""
    return _option(element, value)


def _option(element: Json, value: Any) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in options_of(element):
        if option["value"] == wanted:
            return option
    offered = [option["value"] for option in options_of(element)]
    raise Misuse(f"{element['action_id']} has no option {wanted!r}, only {offered}")


def fill(view: Json, values: Values) -> Json:
    """The view's `state.values` after filling in `values`, by action_id, block_id or (block_id, action_id).

    A key that the view does not have is Misuse.
    """
    state: Json = {block: dict(actions) for block, actions in view["state"]["values"].items()}
    given: dict[Any, Any] = dict(values)
    used = set()
    for block, element in interactive(view["blocks"]):
        if element["type"] not in KINDS:
            continue
        for key in (element["action_id"], block["block_id"], (block["block_id"], element["action_id"])):
            if key in given:
                state.setdefault(block["block_id"], {})[element["action_id"]] = entry(element, given[key])
                used.add(key)
    if unknown := set(given) - used:
        offered = [element["action_id"] for _, element in interactive(view["blocks"])]
        raise Misuse(f"the view has no input {sorted(map(str, unknown))}, only {offered}")
    return state


def complaints(view: Json, state: Json) -> dict[str, str]:
    """What Slack's client would say beneath each input before it lets a person submit, by block_id."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        given = state.get(block["block_id"], {}).get(element["action_id"], {})
        value = given.get(KINDS[element["type"]].key)
        if problem := complaint(block, element, value):
            found[block["block_id"]] = problem
    return found


def complaint(block: Json, element: Json, value: Any) -> str | None:
    """What Slack's client would say beneath one input that holds `value`; None when it would take it."""
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    match element["type"]:
        case "plain_text_input":
            return _length(element, value)
        case "number_input":
            return _number(element, value)
        case "email_text_input" if not _EMAIL.fullmatch(value):
            return "Please enter a valid email address."
        case "url_text_input" if not value.startswith(("http://", "https://")):
            return "Please enter a valid URL."
        case "datepicker" if not _is_date(value):
            return "Please enter a date."
        case "timepicker" if not _TIME.fullmatch(value):
            return "Please enter a time."
    most = element.get("max_selected_items")
    return f"Choose at most {most}." if most and isinstance(value, list) and len(value) > most else None


def _length(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Must be at least {least} characters."
    if len(value) > most:
        return f"Must be at most {most} characters."
    if "\n" in value and not element.get("multiline"):
        return "Must be one line."
    return None


def _number(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Must be {least} or more."
    if most is not None and float(value) > float(most):
        return f"Must be {most} or less."
    return None


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10
