"""What a modal or a Home tab may hold."""

from __future__ import annotations

import json
from typing import Any, Literal

from bot.sandbox.errors import ApiError, invalid_arguments
from bot.sandbox.limits.blocks import check_blocks
from bot.sandbox.limits.objects import plain
from bot.sandbox.limits.shape import Check, Problems, Shape, boolean, one_of, string

Json = dict[str, Any]

MOST_BYTES = 250_000

_COMMON: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}


def _unchecked(value: Any, path: str, problems: Problems) -> None:
    """Blocks have a check of their own."""


MODAL = Shape(
    {"type": one_of("modal"), "title": plain(24), "blocks": _unchecked},
    {
        **_COMMON, "submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)  # fmt: skip
HOME = Shape({"type": one_of("home"), "blocks": _unchecked}, _COMMON)


def check_view(view: Any, *, expected: Literal["modal", "home"]) -> None:
    """Raises `view_too_large`, or `invalid_arguments` that lists every problem with its JSON pointer."""
    if not isinstance(view, dict):
        raise invalid_arguments("missing required field: view")
    if len(json.dumps(view).encode()) > MOST_BYTES:
        raise ApiError("view_too_large")
    problems: Problems = []
    (MODAL if expected == "modal" else HOME)(view, "/view", problems)
    if "blocks" in view:
        problems += check_blocks(view["blocks"], expected, "/view/blocks")
    if not problems and expected == "modal":
        problems += _needs_submit(view)
    if problems:
        raise invalid_arguments(*problems)


def _needs_submit(view: Json) -> Problems:
    inputs = any(block["type"] == "input" for block in view["blocks"])
    if inputs and "submit" not in view:
        return ["missing required field: submit, because there is an input block [json-pointer:/view]"]
    return []
