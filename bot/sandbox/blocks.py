"""Blocks as Slack keeps them: with the ids that it makes up where the app gave none."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from bot.sandbox.elements import KINDS

Json = dict[str, Any]

ACTING = frozenset(KINDS) | {"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}


def completed(blocks: list[Json]) -> list[Json]:
    """A copy of `blocks` in which every block has a block_id and every interactive element an action_id."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        _complete_block(block)
    return kept


def _complete_block(block: Json) -> None:
    block.setdefault("block_id", secrets.token_urlsafe(4))
    for key in ("accessory", "element", "elements", "actions", "blocks", "child_blocks"):
        inside = block.get(key)
        for each in inside if isinstance(inside, list) else [inside]:
            if isinstance(each, dict):
                _complete_inner(each)


def _complete_inner(node: Json) -> None:
    if node.get("type") in ACTING:
        node.setdefault("action_id", secrets.token_urlsafe(4))
    elif node.get("type") in {"card", "task_card", "section", "actions", "context", "context_actions", "input"}:
        _complete_block(node)
