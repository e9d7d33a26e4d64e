"""Composition objects: text, options, confirmation dialogs."""

from __future__ import annotations

from typing import Any

from bot.sandbox.limits.shape import Check, Problems, Shape, boolean, by_type, many, one_of, report, string, typed


def plain(most: int) -> Check:
    """A plain_text object of 1 to `most` characters."""
    return by_type({"plain_text": _plain(most)})


def either(most: int) -> Check:
    """A plain_text or mrkdwn object of 1 to `most` characters."""
    return by_type({"plain_text": _plain(most), "mrkdwn": mrkdwn(most)})


def _plain(most: int) -> Shape:
    return typed("plain_text", {"text": string(most)}, optional={"emoji": boolean})


def mrkdwn(most: int) -> Shape:
    """A mrkdwn object of 1 to `most` characters."""
    return typed("mrkdwn", {"text": string(most)}, optional={"verbatim": boolean})


BLOCK_ID = string(255)
ACTION_ID = string(255)
URL = string(3000, pattern=r"https?://\S+")
PLACEHOLDER = plain(150)

CONFIRM = Shape(
    {"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DISPATCH = Shape(
    {}, {"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)}
)  # fmt: skip

OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
RICH_OPTION = Shape({"text": either(75), "value": string(150)}, {"description": either(75)})
OVERFLOW_OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
OPTION_GROUP = Shape({"label": plain(75), "options": many(OPTION, 100)})


def options_agree(value: Any, path: str, problems: Problems) -> None:
    """A rule: option values are distinct, and what is chosen from the start is among the options."""
    options = [
        *value.get("options", []),
        *(each for group in value.get("option_groups", []) for each in group["options"]),
    ]
    values = [option["value"] for option in options]
    if len(set(values)) != len(values):
        report(problems, "option values must be unique", f"{path}/options")
    chosen = [*value.get("initial_options", []), *([value["initial_option"]] if "initial_option" in value else [])]
    if any(each not in options for each in chosen):
        report(problems, "the initial option must be one of the options, exactly", path)
