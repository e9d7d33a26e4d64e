"""The policy file: front matter with terms, and the text people agree to."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.errors import PolicyFault
from bot.policy.clauses import comments, unix_lines, without_comments
from bot.policy.comment_faults import comment_faults
from bot.policy.front_matter import Head, faults_of, read_head
from bot.policy.marks import Clause as Clause
from bot.policy.marks import clauses_of
from bot.policy.terms import Hours, Retention, Terms, WhoSees, flat, in_words

# What fits into a few Slack modals, which is how people read it; sample policies take a tenth.
TEXT_LIMIT = 60_000
FILE_LIMIT = 200_000
# A rehearsal takes any Markdown, also a handbook of hundreds of pages.
DRAFT_LIMIT = 2_000_000
_PLACEHOLDER = re.compile(r"(\\?)\{([ \t]*[A-Za-z][\w.\t -]*)\}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# One line, which cannot begin or end a comment where a placeholder brings it into the text.
Line = Annotated[str, Field(min_length=1, pattern=r"^[^\n]*$")]


class Preamble(BaseModel):
    """The front matter. `notice_days`: from publication to taking effect; `changes`: what changed and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)
    title: Annotated[Line, Field(max_length=150)]
    contact: Annotated[Line, Field(max_length=150)]
    language: str = Field("en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    effective: date
    notice_days: Annotated[int, Field(strict=True, ge=0, le=365)]
    changes: tuple[Annotated[Line, Field(max_length=300)], ...] = Field((), max_length=5)
    terms: Terms

    @field_validator("effective", mode="before")
    @classmethod
    def _a_day(cls, value: Any) -> Any:
        """A number would else count as seconds since 1970."""
        if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
            return value
        raise ValueError("has to be a day such as 2026-09-01")

    @field_validator("contact")
    @classmethod
    def _no_markup(cls, value: str) -> str:
        if "<!--" in value or "-->" in value:
            raise ValueError("stands in the text, and cannot hold a comment")
        return value


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
    text = without_comments(_filled(head, preamble, name))
    return PolicyDocument(
        **{field: getattr(preamble, field) for field in Preamble.model_fields},
        text=text,
        clauses=clauses_of(head, text, name),
        source=raw.decode(),
        hash=hashlib.sha256(raw).hexdigest(),
    )


def decoded(raw: bytes, name: str, limit: int = FILE_LIMIT) -> str:
    """The file as text with "\\n" line ends; raises `PolicyFault` for what is no text, or more than `limit` bytes."""
    if len(raw) > limit:
        kind = "a policy that people can read" if limit == FILE_LIMIT else "a draft to rehearse"
        raise PolicyFault(f"{name} has {len(raw):,} bytes; {kind} has at most {limit:,}.")
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
    said = comment_faults(head.body, head.body_line, name)
    if said:
        raise PolicyFault("\n".join(said))


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
            where = f"{name}, line {head.body.count(chr(10), 0, found.start()) + head.body_line}"
            raise PolicyFault(f"{where}: {found[0]} names no term.{_hint(found[2], known)}")
        return known[found[2]]

    return _PLACEHOLDER.sub(fill, head.body)


def _hint(given: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(given.strip(), known, 1)
    likely = f" Did you mean {{{near[0]}}}?" if near else f" There are {', '.join(sorted(known))}."
    return f"{likely} A brace that is meant so is \\{{."


def _known_names() -> list[str]:
    return [name for model in (Preamble, Terms, Retention, WhoSees, Hours) for name in model.model_fields]
