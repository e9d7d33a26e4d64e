"""The policy file: front matter with terms, and the text people agree to."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import PolicyFault
from bot.policy.clauses import Comment, Part, comments, split, unclosed_comment, unix_lines, without_comments
from bot.policy.front_matter import Head, faults_of, read_head
from bot.policy.terms import Hours, Retention, Terms, WhoSees, flat, in_words, names

# What fits into a few Slack modals, which is how people read it; sample policies take a tenth.
TEXT_LIMIT = 60_000
FILE_LIMIT = 200_000
Mark = Literal["enforced", "promise"]
_PLACEHOLDER = re.compile(r"(\\?)\{([A-Za-z][\w.-]*)\}")
_DIRECTIVES = ("enforced", "promise", "questions")


class Clause(BaseModel):
    """What the author says of one heading: who keeps it, by which `terms`, and the questions it answers."""

    model_config = ConfigDict(frozen=True)
    heading: str
    mark: Mark | None = None
    terms: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


class Preamble(BaseModel):
    """The front matter. `notice_days`: from publication to taking effect; `changes`: what changed and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str = Field(min_length=1, max_length=150)
    contact: str = Field(min_length=1, max_length=150)
    language: str = Field("en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    effective: date
    notice_days: Annotated[int, Field(strict=True, ge=0, le=365)]
    changes: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field((), max_length=5)
    terms: Terms


class PolicyDocument(Preamble):
    """A policy as it is published: `text` is filled in from the terms and without comments; `source` is the file as it
    was, `hash` the SHA-256 of its bytes. `clauses` are those of the text's headings, in order."""

    text: str
    clauses: tuple[Clause, ...]
    source: str
    hash: str


def read_policy(path: Path) -> PolicyDocument:
    """The policy in this file; raises `PolicyFault` that names the line and the mend."""
    return parse_policy(path.read_bytes(), path.name)


def parse_policy(raw: bytes, name: str) -> PolicyDocument:
    """The policy in these bytes of the file `name`; raises `PolicyFault` that names the line and the mend."""
    head = read_head(decoded(raw, name), name)
    try:
        preamble = Preamble.model_validate(head.values)
    except ValidationError as error:
        raise faults_of(error, head, _known_names(), name) from None
    _require_text(head, name)
    return PolicyDocument(
        **{field: getattr(preamble, field) for field in Preamble.model_fields},
        text=without_comments(_filled(head, preamble, name)),
        clauses=tuple(_clause(part, head, name) for part in split(head.body) if part.level),
        source=raw.decode(),
        hash=hashlib.sha256(raw).hexdigest(),
    )


def decoded(raw: bytes, name: str) -> str:
    """The file as text with "\\n" line ends; raises `PolicyFault` for what is no text, or too large for a policy."""
    if len(raw) > FILE_LIMIT:
        raise PolicyFault(f"{name} has {len(raw):,} bytes; a policy that people can read has at most {FILE_LIMIT:,}.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyFault(
            f"{name} is not a text file in UTF-8. A policy is one Markdown file, such as policy.md."
        ) from None
    if "\0" in text:
        raise PolicyFault(f"{name} is not a text file. A policy is one Markdown file, such as policy.md.")
    return unix_lines(text)


def _require_text(head: Head, name: str) -> None:
    if not without_comments(head.body).strip():
        raise PolicyFault(f"{name}: there is no text after the front matter.")
    if len(head.body) > TEXT_LIMIT:
        raise PolicyFault(f"{name}: the text has {len(head.body):,} characters; people read at most {TEXT_LIMIT:,}.")
    if (line := unclosed_comment(head.body)) is not None:
        raise PolicyFault(f"{name}, line {line + head.body_line - 1}: a comment <!-- is never closed with -->.")


def placeholders(preamble: Preamble) -> Mapping[str, str]:
    """What the text may take from the front matter, by name: every term, and three values of the head."""
    terms = {term: in_words(term, value) for term, value in flat(preamble.terms).items()}
    effective = f"{preamble.effective.day} {preamble.effective:%B %Y}"
    return terms | {"contact": preamble.contact, "notice_days": str(preamble.notice_days), "effective": effective}


def _filled(head: Head, preamble: Preamble, name: str) -> str:
    known, unseen = placeholders(preamble), comments(head.body)

    def fill(found: re.Match[str]) -> str:
        if any(comment.start <= found.start() < comment.end for comment in unseen):
            return found[0]
        if found[1]:
            return found[0][1:]
        if found[2] not in known:
            line = head.body.count("\n", 0, found.start()) + head.body_line
            near = get_close_matches(found[2], known, 1)
            hint = f" Did you mean {{{near[0]}}}?" if near else f" There are {', '.join(sorted(known))}."
            raise PolicyFault(f"{name}, line {line}: {found[0]} names no term.{hint} A brace that is meant so is \\{{.")
        return known[found[2]]

    return _PLACEHOLDER.sub(fill, head.body)


def _clause(part: Part, head: Head, name: str) -> Clause:
    said: dict[str, Any] = {}
    for word, rest, line in _directives(part, head):
        if word == "questions":
            said["questions"] = (*said.get("questions", ()), *filter(None, (row.strip() for row in rest.splitlines())))
        elif "mark" in said:
            raise PolicyFault(
                f"{name}, line {line}: “{part.heading}” is marked twice; it is either enforced or a promise."
            )
        else:
            said |= {"mark": word, "terms": _terms_behind(word, rest, f"{name}, line {line}")}
    return Clause(heading=part.heading, **said)


def _directives(part: Part, head: Head) -> Iterator[tuple[str, str, int]]:
    """(word, rest, line in the file) of the comments under a heading that say something to the program."""
    for comment in comments(part.body):
        word, rest = _parsed(comment)
        if word in _DIRECTIVES:
            at = head.body.index(part.body, _start_of(head.body, part.line))
            yield word, rest, head.body.count("\n", 0, at) + comment.line + head.body_line - 1


def _parsed(comment: Comment) -> tuple[str, str]:
    found = re.match(r"(\w+)\s*:?(.*)", comment.text, re.DOTALL)
    return (found[1].lower(), found[2]) if found else ("", "")


def _start_of(text: str, line: int) -> int:
    return sum(len(row) + 1 for row in text.split("\n")[:line])


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
            raise PolicyFault(f"{where}: {term} is no term.{f' Did you mean {near[0]}?' if near else ''}")
    return behind


def _known_names() -> list[str]:
    return [name for model in (Preamble, Terms, Retention, WhoSees, Hours) for name in model.model_fields]
