"""Block elements: buttons, menus, inputs, images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.limits.objects import (
    ACTION_ID,
    CONFIRM,
    DISPATCH,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLACEHOLDER,
    RICH_OPTION,
    URL,
    options_agree,
    plain,
)
from bot.sandbox.limits.richtext import RICH_TEXT
from bot.sandbox.limits.shape import (
    Check,
    Problems,
    Shape,
    boolean,
    exactly_one,
    integer,
    many,
    one_of,
    report,
    string,
    typed,
)

ID = string(255)
ALT_TEXT = string(2000)
SLACK_FILE = Shape({}, {"id": ID, "url": URL}, (exactly_one("id", "url"),))
IMAGE = typed(
    "image", {"alt_text": ALT_TEXT}, optional={"image_url": URL, "slack_file": SLACK_FILE},
    rules=(exactly_one("image_url", "slack_file"),),
)  # fmt: skip


def _choice(kind: str, required: Mapping[str, Check] | None = None, **optional: Check) -> Shape:
    """An element of which a person chooses; one rule looks after its options."""
    common = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": boolean}
    return typed(kind, required, optional=common | optional, rules=(options_agree,))


def _select(kind: str, **optional: Check) -> Shape:
    return _choice(kind, None, placeholder=PLACEHOLDER, **optional)


def _static(kind: str, **optional: Check) -> Shape:
    lists = {"options": many(OPTION, 100), "option_groups": many(OPTION_GROUP, 100)}
    shape = _select(kind, **lists, **optional)
    return Shape(shape.required, shape.optional, (exactly_one("options", "option_groups"), *shape.rules))


FILTER = Shape(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
MOST_CHOSEN = integer(1, 100)
_HERE: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}
_RESPONSE: dict[str, Check] = {"response_url_enabled": boolean}

SELECTS: dict[str, Check] = {
    "static_select": _static("static_select", initial_option=OPTION),
    "users_select": _select("users_select", initial_user=ID),
    "conversations_select": _select("conversations_select", initial_conversation=ID, **_HERE, **_RESPONSE),
    "channels_select": _select("channels_select", initial_channel=ID, **_RESPONSE),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": _static(
        "multi_static_select", initial_options=many(OPTION, 100), max_selected_items=MOST_CHOSEN
    ),
    "multi_users_select": _select("multi_users_select", initial_users=many(ID, 100), max_selected_items=MOST_CHOSEN),
    "multi_conversations_select": _select(
        "multi_conversations_select", initial_conversations=many(ID, 100), max_selected_items=MOST_CHOSEN, **_HERE
    ),
    "multi_channels_select": _select(
        "multi_channels_select", initial_channels=many(ID, 100), max_selected_items=MOST_CHOSEN
    ),
}
PICKERS: dict[str, Check] = {
    "datepicker": _select("datepicker", initial_date=string(10, pattern=r"\d{4}-\d{2}-\d{2}")),
    "timepicker": _select("timepicker", initial_time=string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d"), timezone=ID),
    "datetimepicker": _choice("datetimepicker", initial_date_time=integer(1_000_000_000, 9_999_999_999)),
    "checkboxes": _choice(
        "checkboxes", {"options": many(RICH_OPTION, 10)}, initial_options=many(RICH_OPTION, 10)
    ),
    "radio_buttons": _choice("radio_buttons", {"options": many(RICH_OPTION, 10)}, initial_option=RICH_OPTION),
}  # fmt: skip
BUTTON = typed(
    "button", {"text": plain(75)},
    optional={
        "action_id": ACTION_ID, "url": URL, "value": string(2000), "style": one_of("primary", "danger"),
        "confirm": CONFIRM, "accessibility_label": string(75),
    },
)  # fmt: skip
OVERFLOW = typed(
    "overflow", {"options": many(OVERFLOW_OPTION, 5)},
    optional={"action_id": ACTION_ID, "confirm": CONFIRM}, rules=(options_agree,),
)  # fmt: skip


def _lengths(value: Any, path: str, problems: Problems) -> None:
    """A rule for text inputs: min ≤ max, and the initial value is within both."""
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if least > most:
        report(problems, "min_length must not be above max_length", f"{path}/min_length")
    if len(value.get("initial_value", "")) > most:
        report(problems, f"must be less than {most + 1} characters", f"{path}/initial_value")


def _input(kind: str, required: Mapping[str, Check] | None = None, **optional: Check) -> Shape:
    common = {
        "action_id": ACTION_ID, "placeholder": PLACEHOLDER, "focus_on_load": boolean,
        "dispatch_action_config": DISPATCH,
    }  # fmt: skip
    return typed(kind, required, optional=common | optional, rules=(_lengths,))


_NUMBER = string(100, pattern=r"-?\d+(\.\d+)?")
INPUTS: dict[str, Check] = {
    "plain_text_input": _input(
        "plain_text_input", initial_value=string(3000, least=0), multiline=boolean,
        min_length=integer(0, 3000), max_length=integer(1, 3000),
    ),
    "number_input": _input(
        "number_input", {"is_decimal_allowed": boolean},
        initial_value=_NUMBER, min_value=_NUMBER, max_value=_NUMBER,
    ),
    "email_text_input": _input("email_text_input", initial_value=string(3000)),
    "url_text_input": _input("url_text_input", initial_value=string(3000)),
    "rich_text_input": _input("rich_text_input", initial_value=RICH_TEXT),
}  # fmt: skip
FILE_INPUT = typed(
    "file_input", optional={"action_id": ACTION_ID, "filetypes": many(string(20), 100), "max_files": integer(1, 10)}
)  # fmt: skip

_FEEDBACK = Shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
FEEDBACK_BUTTONS = typed(
    "feedback_buttons", {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
    optional={"action_id": ACTION_ID},
)  # fmt: skip
ICON_BUTTON = typed(
    "icon_button", {"icon": one_of("trash"), "text": plain(75)},
    optional={
        "action_id": ACTION_ID, "value": string(2000), "confirm": CONFIRM, "accessibility_label": string(75),
        "visible_to_user_ids": many(ID, 100),
    },
)  # fmt: skip

ACTIONS: dict[str, Check] = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **PICKERS}
ACCESSORIES: dict[str, Check] = {**ACTIONS, **MULTI_SELECTS, "image": IMAGE}
FIELDS: dict[str, Check] = {**INPUTS, **SELECTS, **MULTI_SELECTS, **PICKERS}
