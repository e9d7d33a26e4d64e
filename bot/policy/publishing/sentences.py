"""A clause as the sentences that people compare: how the lines are wrapped makes no difference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_ENDS = re.compile(r"(?<=[.!?:;])[\"”’)*_]*\s+(?=[^\sa-z])")


@dataclass(frozen=True)
class Sentence:
    """`text` on one line; `opens` a new paragraph or list item."""

    text: str
    opens: bool


def sentences(body: str) -> list[Sentence]:
    """The sentences of a clause's body in order."""
    return [
        Sentence(text, first == 0)
        for paragraph in _paragraphs(body)
        for first, text in enumerate(filter(None, _split(paragraph)))
    ]


def _paragraphs(body: str) -> Iterator[str]:
    lines: list[str] = []
    for line in [*body.split("\n"), ""]:
        item = _ITEM.match(line)
        if (item or not line.strip()) and lines:
            yield " ".join(lines)
            lines = []
        if line.strip():
            lines.append(f"• {line[item.end() :].strip()}" if item else line.strip())


def _split(paragraph: str) -> Iterator[str]:
    start = 0
    for found in _ENDS.finditer(paragraph):
        yield paragraph[start : found.end()].strip()
        start = found.end()
    yield paragraph[start:].strip()
