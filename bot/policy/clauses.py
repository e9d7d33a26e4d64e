"""A policy's clauses: its headings as Markdown has them, and what stands in comments under them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Only the blocks are needed: what is inside a paragraph takes most of the time to parse.
_BLOCKS = MarkdownIt("commonmark").disable("inline")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
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


def comments(text: str) -> list[Comment]:
    """The HTML comments of a Markdown text, without those in code."""
    return [Comment(found[1].strip(), text.count("\n", 0, found.start()) + 1, *found.span()) for found in _found(text)]


def without_comments(text: str) -> str:
    """The text as it is published: no comment, and no more than one empty line where one was."""
    kept, at = [], 0
    for found in _found(text):
        kept.append(text[at : found.start()])
        at = found.end()
    kept.append(text[at:])
    return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", "".join(kept)).strip() + "\n"


def unclosed_comment(text: str) -> int | None:
    """The line, from 1, of a comment that is opened and never closed."""
    code = _code_lines(_BLOCKS.parse(text))
    for found in re.finditer("<!--", text):
        line = text.count("\n", 0, found.start())
        if line not in code and "-->" not in text[found.end() :]:
            return line + 1
    return None


def _found(text: str) -> Iterator[re.Match[str]]:
    code = _code_lines(_BLOCKS.parse(text)) if "<!--" in text else frozenset()
    return (found for found in _COMMENT.finditer(text) if text.count("\n", 0, found.start()) not in code)


def _code_lines(tokens: list[Token]) -> frozenset[int]:
    spans = (token.map for token in tokens if token.type in _CODE and token.map)
    return frozenset(line for start, end in spans for line in range(start, end))
