"""A policy's clauses: its headings as Markdown has them, and what stands in comments under them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt

# Only the blocks are needed: what is inside a paragraph takes most of the time to parse.
_BLOCKS = MarkdownIt("commonmark").disable("inline")
_OPEN, _CLOSE = "<!--", "-->"
_CODE = ("fence", "code_block")


@dataclass(frozen=True)
class Part:
    """One clause: `heading` exactly as written (empty before the first one), `level` 1 to 6 (0 before the first one),
    `line` of the heading from 1, `body` a verbatim piece of the text."""

    heading: str
    level: int
    line: int
    body: str


@dataclass(frozen=True)
class Comment:
    """An HTML comment in the text: what is in it, the line it begins on, from 1, and its span of characters."""

    text: str
    line: int
    start: int
    end: int


def unix_lines(text: str) -> str:
    """The text with every line end as "\\n": of another kind, two programs would count lines differently."""
    return re.sub(r"\r\n?", "\n", text)


def split(text: str) -> list[Part]:
    """The clauses of a Markdown text in order; headings inside of lists, quotes or code are none.

    Lines end with "\\n" alone, as `unix_lines` makes them.
    """
    lines = [line + "\n" for line in text.split("\n")]
    headings = [("", 0, 0, 0), *_headings(text), ("", 0, len(lines), len(lines))]
    parts = [
        Part(heading, level, start + 1, "".join(lines[end:until]).strip())
        for (heading, level, start, end), (_, _, until, _) in pairwise(headings)
    ]
    return [part for part in parts if part.level or part.body]


def _headings(text: str) -> Iterator[tuple[str, int, int, int]]:
    """(heading, level, first line, line after it), lines from 0."""
    tokens = _BLOCKS.parse(text)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            start, end = opening.map
            yield inline.content, int(opening.tag[1:]), start, end


def first_wrapped(text: str) -> int | None:
    """The line, from 1, of the first paragraph that is broken into lines without need; rows of tables are none."""
    tokens = _BLOCKS.parse(text)
    for token in (inline for opening, inline in pairwise(tokens) if opening.type == "paragraph_open"):
        *rows, _ = token.content.split("\n")
        if rows and token.map and not any(row.startswith("|") or row.endswith(("  ", "\\")) for row in rows):
            return token.map[0] + 1
    return None


def comments(text: str) -> list[Comment]:
    """The HTML comments of a Markdown text, without those in code."""
    ends = _line_ends(text)
    return [
        Comment(text[start + len(_OPEN) : end - len(_CLOSE)].strip(), bisect_left(ends, start) + 1, start, end)
        for start, end in _spans(text)
        if end is not None
    ]


def without_comments(text: str) -> str:
    """The text as it is published: no comment, and no more than one empty line where one was."""
    kept, at = [], 0
    for comment in comments(text):
        kept.append(text[at : comment.start])
        at = comment.end
    kept.append(text[at:])
    return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", "".join(kept)).strip() + "\n"


def unclosed_at(text: str) -> int | None:
    """Where a comment begins that is opened and never closed; there is at most one."""
    return next((start for start, end in _spans(text) if end is None), None)


def _spans(text: str) -> Iterator[tuple[int, int | None]]:
    """(begin, end) of each comment outside of code; no end for one that is never closed."""
    if _OPEN not in text:
        return
    code, ends = code_lines(text), _line_ends(text)
    at = 0
    while (start := text.find(_OPEN, at)) >= 0:
        at = start + len(_OPEN)
        if bisect_left(ends, start) in code:
            continue
        close = text.find(_CLOSE, at)
        if close < 0:
            yield start, None
            return
        at = close + len(_CLOSE)
        yield start, at


def line_at(text: str, at: int) -> int:
    """The number, from 1, of the line that this place is on."""
    return text.count("\n", 0, at) + 1


def _line_ends(text: str) -> list[int]:
    """The place of every line end: counting them anew for each comment takes too long in a long text."""
    return [found.start() for found in re.finditer("\n", text)]


def code_lines(text: str) -> frozenset[int]:
    """The numbers, from 0, of the lines that stand in code."""
    spans = (token.map for token in _BLOCKS.parse(text) if token.type in _CODE and token.map)
    return frozenset(line for start, end in spans for line in range(start, end))
