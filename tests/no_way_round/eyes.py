"""What the bot sends out, to whomever: every call, every answer to a form, every file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.workspace import Workspace


@dataclass(frozen=True)
class Mark:
    """A moment, by how much had been sent until then."""

    calls: int
    acks: int
    files: frozenset[str]


def now(workspace: Workspace) -> Mark:
    return Mark(len(workspace.calls), len(workspace.acks), frozenset(workspace.files))


def sent_since(workspace: Workspace, mark: Mark) -> list[Any]:
    """All that was sent since then, as plain values; of files their content."""
    calls: list[Any] = [_plain(call.args) for call in workspace.calls[mark.calls :]]
    answers = [ack.response for ack in workspace.acks[mark.acks :] if ack.response]
    files = [file.content.decode(errors="replace") for key, file in workspace.files.items() if key not in mark.files]
    return [*calls, *answers, *files]


def _plain(args: dict[str, Any]) -> dict[str, Any]:
    return {name: _parsed(value) for name, value in args.items()}


def _parsed(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def as_text(sent: Any) -> str:
    return json.dumps(sent, ensure_ascii=False, default=str)


def strings_in(sent: Any, key: str = "") -> Iterator[str]:
    """Every text; and what is chosen beforehand in a form, which says as much."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            if name.startswith("initial_"):
                yield f"{name}: {as_text(value)}"
            yield from strings_in(value, name)
    elif isinstance(sent, list):
        for value in sent:
            yield from strings_in(value, key)
    elif isinstance(sent, str) and key in ("", "text", "value", "initial_value", "fallback", "title", "alt_text"):
        yield sent
