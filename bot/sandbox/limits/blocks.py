"""Which blocks there are, what each may hold, and on which surface it is allowed."""

from __future__ import annotations

from typing import Any, Literal

from bot.sandbox.limits.charts import CHART
from bot.sandbox.limits.elements import (
    ACCESSORIES,
    ACTIONS,
    ALT_TEXT,
    BUTTON,
    FEEDBACK_BUTTONS,
    FIELDS,
    FILE_INPUT,
    ICON_BUTTON,
    IMAGE,
    SLACK_FILE,
)
from bot.sandbox.limits.objects import BLOCK_ID, URL, either, mrkdwn, plain
from bot.sandbox.limits.richtext import RICH_TEXT
from bot.sandbox.limits.shape import (
    Check,
    Problems,
    at_least_one,
    boolean,
    by_type,
    exactly_one,
    many,
    one_of,
    report,
    string,
    typed,
)
from bot.sandbox.limits.tables import DATA_TABLE, TABLE

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]

_ID = {"block_id": BLOCK_ID}


def _collapsing(value: Any, path: str, problems: Problems) -> None:
    """A rule for containers."""
    if value.get("is_collapsible") and value.get("has_header_divider"):
        report(problems, "has_header_divider does not go with is_collapsible", path)
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        report(problems, "default_collapsed needs is_collapsible", path)


CARD = typed(
    "card", optional={
        **_ID, "hero_image": IMAGE, "icon": IMAGE, "title": either(150), "subtitle": either(150),
        "body": either(200), "actions": many(BUTTON, 5),
    }, rules=(at_least_one("hero_image", "title", "actions", "body"),),
)  # fmt: skip
TASK_CARD = typed(
    "task_card", {
        "task_id": string(255), "title": string(256),
        "status": one_of("pending", "in_progress", "complete", "error"),
    }, optional={**_ID, "details": RICH_TEXT, "output": RICH_TEXT},
)  # fmt: skip
EVERYWHERE: dict[str, Check] = {
    "section": typed(
        "section", optional={
            **_ID, "text": either(3000), "fields": many(either(2000), 10), "accessory": by_type(ACCESSORIES),
            "expand": boolean,
        }, rules=(at_least_one("text", "fields"),),
    ),
    "header": typed("header", {"text": plain(150)}, optional=_ID),
    "divider": typed("divider", optional=_ID),
    "image": typed(
        "image", {"alt_text": ALT_TEXT},
        optional={**_ID, "image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        rules=(exactly_one("image_url", "slack_file"),),
    ),
    "rich_text": RICH_TEXT,
    "context": typed(
        "context", {"elements": many(by_type({"image": IMAGE, "plain_text": plain(2000), "mrkdwn": mrkdwn(2000)}), 10)},
        optional=_ID,
    ),
    "actions": typed("actions", {"elements": many(by_type(ACTIONS), 25)}, optional=_ID),
    "video": typed(
        "video", {"alt_text": ALT_TEXT, "video_url": URL, "thumbnail_url": URL, "title": plain(199)},
        optional={
            **_ID, "title_url": URL, "description": plain(200), "provider_icon_url": URL,
            "provider_name": string(50), "author_name": string(49),
        },
    ),
    "card": CARD,
}  # fmt: skip


def _input(fields: dict[str, Check]) -> Check:
    return typed(
        "input", {"label": plain(2000), "element": by_type(fields)},
        optional={**_ID, "dispatch_action": boolean, "hint": plain(2000), "optional": boolean},
    )  # fmt: skip


_SHOWN: dict[str, Check] = {
    "carousel": typed("carousel", {"elements": many(by_type({"card": CARD}), 10)}, optional=_ID),
    "table": TABLE,
    "data_table": DATA_TABLE,
}
_CONTAINED = {
    name: EVERYWHERE[name] for name in ("section", "header", "divider", "image", "context", "actions", "video")
}
_MESSAGES: dict[str, Check] = {
    "markdown": typed("markdown", {"text": string(12_000)}, optional=_ID),
    "context_actions": typed(
        "context_actions",
        {"elements": many(by_type({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}), 5)},
        optional=_ID,
    ),
    "data_visualization": CHART,
    "task_card": TASK_CARD,
    "plan": typed("plan", {"title": string(256)}, optional={**_ID, "tasks": many(TASK_CARD, 50)}),
    "container": typed(
        "container", {"child_blocks": many(by_type({**_CONTAINED, "table": TABLE}), 10)},
        optional={
            **_ID, "title": plain(150), "rich_text_title": RICH_TEXT, "subtitle": either(150), "icon": IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"), "is_collapsible": boolean,
            "default_collapsed": boolean, "has_header_divider": boolean,
        }, rules=(at_least_one("title", "rich_text_title"), _collapsing),
    ),
}  # fmt: skip
_MODALS: dict[str, Check] = {
    "alert": typed(
        "alert", {"text": either(200)},
        optional={**_ID, "level": one_of("default", "info", "warning", "error", "success")},
    )
}  # fmt: skip

SURFACES: dict[Surface, dict[str, Check]] = {
    "message": {**EVERYWHERE, "input": _input(FIELDS), **_SHOWN, **_MESSAGES},
    "home": {**EVERYWHERE, "input": _input(FIELDS), **_SHOWN},
    "modal": {**EVERYWHERE, "input": _input(FIELDS | {"file_input": FILE_INPUT}), **_MODALS},
}
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "home": 100, "modal": 100}
"""Blocks a surface holds."""

_CHECKS = {
    surface: many(by_type(shapes), MOST_BLOCKS[surface], least=0 if surface == "message" else 1)
    for surface, shapes in SURFACES.items()
}


def check_blocks(blocks: Any, surface: Surface, path: str) -> Problems:
    """Every problem of a surface's blocks, in Slack's words; empty when they are in order."""
    problems: Problems = []
    _CHECKS[surface](blocks, path, problems)
    if not problems:
        _check_ids(blocks, path, problems)
    return problems


def _check_ids(blocks: list[Json], path: str, problems: Problems) -> None:
    """block_id is unique in the surface, action_id in its block, and one element at most has the focus."""
    everything = list(_all_blocks(blocks))
    seen: set[str] = set()
    focused = 0
    for block in everything:
        block_id = block.get("block_id")
        if block_id in seen:
            report(problems, f"block_id {block_id!r} already exists", path)
        if block_id is not None:
            seen.add(block_id)
        elements = _elements(block)
        focused += sum(bool(each.get("focus_on_load")) for each in elements)
        ids = [each["action_id"] for each in elements if "action_id" in each]
        for action_id in sorted({each for each in ids if ids.count(each) > 1}):
            report(problems, f"action_id {action_id!r} already exists in the block", path)
    if focused > 1:
        report(problems, "only one element may have focus_on_load", path)


def _all_blocks(blocks: list[Json]) -> list[Json]:
    inner = [each for block in blocks for each in [*block.get("child_blocks", []), *_cards(block)]]
    return [*blocks, *inner]


def _cards(block: Json) -> list[Json]:
    return list(block["elements"]) if block["type"] == "carousel" else []


def _elements(block: Json) -> list[Json]:
    if block["type"] in ("carousel", "rich_text"):
        return []
    listed = [*block.get("elements", []), *block.get("actions", [])]
    return [*listed, *(block[name] for name in ("accessory", "element") if name in block)]
