"""What a message may hold."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.sandbox.errors import ApiError
from bot.sandbox.limits.blocks import check_blocks

Json = dict[str, Any]

MOST_TEXT = 4_000
MOST_MARKDOWN = 12_000
MOST_CHARTS = 2
MOST_ATTACHMENTS = 100
MOST_METADATA_BYTES = 8_000


def parsed_blocks(value: Any) -> list[Json]:
    """`blocks` as a list of objects, from JSON or a string of it; `invalid_blocks_format` otherwise."""
    value = _parsed(value, "invalid_blocks_format")
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ApiError("invalid_blocks_format")
    return value


def parsed_metadata(value: Any) -> Json | None:
    """`metadata` as an object, None when it was not sent; `invalid_metadata_format` otherwise."""
    value = _parsed(value, "invalid_metadata_format")
    if value is not None and not isinstance(value, dict):
        raise ApiError("invalid_metadata_format")
    return value


def _parsed(value: Any, error: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise ApiError(error) from None


def check_message(*, text: str, blocks: list[Json], attachments: list[Json], metadata: Json | None) -> None:
    """Raises ApiError with Slack's name for the first thing that is wrong."""
    if not text.strip() and not blocks and not attachments:
        raise ApiError("no_text")
    if len(text) > MOST_TEXT:
        raise ApiError("msg_too_long")
    if len(attachments) > MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    if problems := [*check_blocks(blocks, "message", "/blocks"), *_totals(blocks)]:
        raise invalid_blocks(problems)
    check_metadata(metadata)


def _totals(blocks: list[Json]) -> list[str]:
    """What holds for all blocks of a message together."""
    problems = []
    kinds = [block.get("type") for block in blocks]
    if kinds.count("data_visualization") > MOST_CHARTS:
        problems.append(f"no more than {MOST_CHARTS} data_visualization blocks allowed [json-pointer:/blocks]")
    if kinds.count("table") > 1:
        problems.append("only_one_table_allowed [json-pointer:/blocks]")
    if sum(len(str(block.get("text"))) for block in blocks if block.get("type") == "markdown") > MOST_MARKDOWN:
        problems.append(f"must be less than {MOST_MARKDOWN + 1} characters of markdown [json-pointer:/blocks]")
    return problems


def invalid_blocks(problems: list[str]) -> ApiError:
    """`invalid_blocks`, with every problem, as Slack lists them."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return ApiError("invalid_blocks", errors=problems, response_metadata={"messages": messages})


_EVENT_TYPE = re.compile(r"\w{1,255}", re.ASCII)


def check_metadata(metadata: Json | None) -> None:
    """`event_type` and a flat `event_payload`; `{}` stands for none."""
    if not metadata:
        return
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not _EVENT_TYPE.fullmatch(event_type) or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_format")
    if set(metadata) != {"event_type", "event_payload"} or not all(_plain(value) for value in payload.values()):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > MOST_METADATA_BYTES:
        raise ApiError("metadata_too_large")


def _plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, (str, int, float, bool)) for each in value)
    return isinstance(value, (str, int, float, bool))
