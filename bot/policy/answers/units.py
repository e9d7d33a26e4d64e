"""A section's text cut into what can be quoted: blocks (paragraphs, list items, table rows) and their sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)*\n")
_ITEM = re.compile(r"^[ \t>]*(?:[-*+•–]|\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxIVX\d]{1,4}\))[ \t]+", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_RULE = re.compile(r"^[\s|:=+\-*_~#>`]*$")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]*_]*\s+(?=[\"'“‘(\[*_]*[A-Z0-9À-ÞА-Я])|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|cf|vs|approx|incl|no|art|sec|para|dr|mr|mrs|ms|st|inc|ltd|co|[A-Z])\.$", re.I
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Unit:
    """One sentence, list item or table row: its span in the section's text, and its block's number."""

    start: int
    end: int
    block: int


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or table row. `kind`: how its neighbours may be quoted with it."""

    start: int
    end: int
    kind: str


def blocks_of(text: str) -> list[Block]:
    """The blocks in order; comments and lines without a word in them are none."""
    found: list[Block] = []
    at = 0
    for gap in (*_COMMENT.finditer(text), None):
        until = gap.start() if gap else len(text)
        found += _blocks_between(text, at, until)
        at = gap.end() if gap else until
    return found


def _blocks_between(text: str, start: int, end: int) -> Iterator[Block]:
    at = start
    for gap in (*_BLANK.finditer(text, start, end), None):
        until = gap.start() if gap else end
        yield from _lines_of(text, at, until)
        at = gap.end() if gap else end


def _lines_of(text: str, start: int, end: int) -> Iterator[Block]:
    """A paragraph, cut where a list item or a table row begins."""
    cuts = {start, end}
    for found in (*_ITEM.finditer(text, start, end), *_ROW.finditer(text, start, end)):
        cuts |= {found.start()}
    for row in _ROW.finditer(text, start, end):
        cuts |= {row.end()}
    ordered = sorted(cuts)
    for at, until in pairwise(ordered):
        if block := _trimmed(text, at, until):
            yield block


def _trimmed(text: str, start: int, end: int) -> Block | None:
    piece = text[start:end]
    if _RULE.match(piece):
        return None
    kind = "item" if _ITEM.match(piece) else "row" if _ROW.match(piece) else "paragraph"
    return Block(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()), kind)


def units_of(text: str, blocks: list[Block]) -> list[Unit]:
    """Every block's sentences in order; a table row is one unit."""
    found = []
    for number, block in enumerate(blocks):
        spans = [(block.start, block.end)] if block.kind == "row" else _sentences(text, block.start, block.end)
        found += [Unit(start, end, number) for start, end in spans]
    return found


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for gap in _SENTENCE_END.finditer(text, start, end):
        head = text[at : gap.start()]
        if not _ABBREVIATION.search(head[-8:]) and any(map(str.isalnum, head)):
            yield at, gap.start() + len(gap[0].rstrip())
            at = gap.end()
    if text[at:end].strip():
        yield at, end
