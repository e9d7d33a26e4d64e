"""What a policy's comments say of its clauses: who keeps each, by which terms, and the questions it answers."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from bot.errors import PolicyFault
from bot.policy.clauses import Comment, Part, comments, split
from bot.policy.front_matter import Head, in_one_line
from bot.policy.terms import names

Mark = Literal["enforced", "promise"]
# A word that stands for itself, before a colon or on a line of its own: all else in a comment is the author's own.
_DIRECTIVE = re.compile(r"(enforced|promise|questions)[ \t]*(?::|\n|$)(.*)", re.DOTALL | re.IGNORECASE)


class Clause(BaseModel):
    """What the author says of one heading: who keeps it, by which `terms`, and the questions it answers."""

    model_config = ConfigDict(frozen=True)
    heading: str
    mark: Mark | None = None
    terms: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def clauses_of(head: Head, text: str, name: str) -> tuple[Clause, ...]:
    """What the comments of the file say, under the headings that the text has once it is filled in.

    Raises `PolicyFault` for a comment in the wrong place or with something wrong in it.
    """
    written = [part for part in split(head.body) if part.level]
    _require_same(written, [part for part in split(text) if part.level], head, name)
    read = [part.heading for part in split(text) if part.level]
    by_clause: list[list[Comment]] = [[] for _ in written]
    for comment in comments(head.body):
        above = sum(part.line <= comment.line for part in written)
        if above:
            by_clause[above - 1].append(comment)
        elif _DIRECTIVE.match(comment.text):
            where = f"{name}, line {comment.line + head.body_line - 1}"
            raise PolicyFault(f"{where}: this comment belongs to no clause; it has to stand under a heading.")
    return tuple(_clause(heading, said, head, name) for heading, said in zip(read, by_clause, strict=True))


def _require_same(written: Sequence[Part], read: Sequence[Part], head: Head, name: str) -> None:
    """A comment or a placeholder can hide a heading or make one: then nobody could say which clause is which."""
    for one, other in zip_longest(written, read):
        if one is None or other is None or one.level != other.level:
            line = one.line if one else written[-1].line if written else 1
            raise PolicyFault(
                f"{name}, line {line + head.body_line - 1}: the headings in the file and in the published text are not "
                "the same. A comment or a placeholder here hides a heading, or makes one."
            )


def _clause(heading: str, under: Sequence[Comment], head: Head, name: str) -> Clause:
    said: dict[str, Any] = {}
    for word, rest, line in _directives(under, head):
        if word == "questions":
            said["questions"] = (*said.get("questions", ()), *filter(None, (row.strip() for row in rest.split("\n"))))
        elif "mark" in said:
            said_twice = f"“{in_one_line(heading)}” is marked twice; it is either enforced or a promise."
            raise PolicyFault(f"{name}, line {line}: {said_twice}")
        else:
            said |= {"mark": word, "terms": _terms_behind(word, rest, f"{name}, line {line}")}
    return Clause(heading=heading, **said)


def _directives(under: Sequence[Comment], head: Head) -> Iterator[tuple[str, str, int]]:
    """(word, rest, line in the file) of the comments that say something to the program."""
    for comment in under:
        if found := _DIRECTIVE.match(comment.text):
            yield found[1].lower(), found[2], comment.line + head.body_line - 1


def _terms_behind(word: str, rest: str, where: str) -> tuple[str, ...]:
    behind = tuple(filter(None, (term.strip() for term in rest.split(","))))
    if word == "promise" and behind:
        raise PolicyFault(f"{where}: a promise has no term behind it; a clause with terms is enforced.")
    if word == "enforced" and not behind:
        raise PolicyFault(
            f"{where}: an enforced clause names the terms behind it: <!-- enforced: retention_weeks.usage -->"
        )
    for term in behind:
        if term not in names():
            near = get_close_matches(term, names(), 1)
            raise PolicyFault(f"{where}: {in_one_line(term)} is no term.{f' Did you mean {near[0]}?' if near else ''}")
    return behind
