"""Cursor paging, as every list method of the Web API does it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError

Item = TypeVar("Item")


def page(items: Sequence[Item], args: Args, *, default: int, most: int = 1000) -> tuple[Sequence[Item], str]:
    """One page of `items` and the cursor of the next one ("" after the last)."""
    start = _decode(args.maybe_text("cursor") or "")
    size = args.number("limit", default, least=1, most=most)
    end = start + size
    following = base64.b64encode(f"from:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], following


def _decode(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        prefix, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if prefix != "from":
            raise ApiError("invalid_cursor")
        return int(number)
    except ValueError:
        raise ApiError("invalid_cursor") from None


def metadata(cursor: str) -> dict[str, Any]:
    """The `response_metadata` that carries the cursor."""
    return {"response_metadata": {"next_cursor": cursor}}
