"""Comments that end elsewhere than their author meant: what they swallow would be missing from what people read."""

import re
from collections.abc import Iterator

from bot.policy.clauses import Comment, comments, line_at, unclosed_at
from bot.policy.front_matter import in_one_line

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_QUESTIONS = re.compile(r"questions[ \t]*(?::|\n)", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
# A row of so many words, or with such an end or beginning, tells something; a question without its mark is shorter.
_LONG = 8
_TELLS = re.compile(r"[.:;!|]$|^[-*+|>] ?")
_SHOWN = 60


def comment_faults(body: str, first_line: int, name: str) -> list[str]:
    """Each such comment in the text that begins in line `first_line` of the file `name`, with its line and the mend."""
    said = [f"{name}, line {line + first_line - 1}: {swallows}" for line, swallows in _swallowing(body)]
    if (at := unclosed_at(body)) is not None:
        said.append(f"{name}, line {line_at(body, at) + first_line - 1}: a comment <!-- is never closed with -->.")
    return said


def _swallowing(body: str) -> Iterator[tuple[int, str]]:
    for comment in comments(body):
        if what := _swallowed(comment):
            yield comment.line, f"this comment swallows {what}: close it with -->"


def _swallowed(comment: Comment) -> str | None:
    if found := _HEADING.search(comment.text):
        return f"the heading “{_short(found[1].strip())}”"
    if "<!--" in comment.text:
        return "another comment"
    row = _told(comment.text) if _QUESTIONS.match(comment.text) else None
    return f"the text “{_short(row)}”" if row else None


def _told(questions: str) -> str | None:
    """The first row after an empty line that is no question."""
    _, *after = _EMPTY_LINE.split(questions, maxsplit=1)
    rows = (row.strip() for rest in after for row in rest.split("\n"))
    return next((row for row in rows if not row.endswith("?") and _tells(row)), None)


def _tells(row: str) -> bool:
    return bool(row) and (len(row.split()) >= _LONG or _TELLS.search(row) is not None)


def _short(text: str) -> str:
    flat = in_one_line(text)
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN].rstrip()}…"
