"""Any Markdown with headings, read leniently: to rehearse questions on a draft that cannot be published yet."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.errors import PolicyFault
from bot.policy.answers import Section
from bot.policy.clauses import Part, comments, split, unclosed_at, without_comments
from bot.policy.comment_faults import comment_faults
from bot.policy.document import DRAFT_LIMIT, Clause, decoded, parse_policy
from bot.policy.front_matter import read_head

_UNCLOSED = re.compile(r"<!--.*?(?=\n[ \t]*\n|\n {0,3}#{1,6}[ \t]|\s*\Z)", re.DOTALL)


@dataclass(frozen=True)
class Draft:
    """The sections that questions are answered from, and what keeps the file from being a policy, in words."""

    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    language: str = "en"


def read_draft(raw: bytes, name: str) -> Draft:
    """The Markdown in these bytes; raises `PolicyFault` when there is no text in them, or more than `DRAFT_LIMIT`."""
    text = decoded(raw, name, DRAFT_LIMIT)
    try:
        document = parse_policy(raw, name)
    except PolicyFault as fault:
        return _lenient(text, name, str(fault).split("\n"))
    return Draft(tuple(sections(split(document.text), document.clauses)), (), document.language[:2])


def sections(parts: Sequence[Part], clauses: Sequence[Clause]) -> Iterator[Section]:
    """What the answering engine reads of each part; `clauses` are those of the parts with a heading, in order."""
    above: list[Part] = []
    marks = iter(clauses)
    for part in parts:
        clause = next(marks, None) if part.level else None
        above = [each for each in above if each.level < part.level]
        questions = clause.questions if clause else ()
        yield Section(part.heading, part.body, questions, tuple(each.heading for each in above if each.level))
        above.append(part)


def _lenient(text: str, name: str, warnings: Sequence[str]) -> Draft:
    body = _body(text, name)
    first_line = text[: len(text) - len(body)].count("\n") + 1
    warnings = list(dict.fromkeys([*warnings, *comment_faults(body, first_line, name)]))
    body = _closed(body)
    parts = split(body)
    if not any(part.level for part in parts):
        warnings.append(f"{name} has no headings: all of it is one section.")
    bare = [Part(part.heading, part.level, part.line, without_comments(part.body).strip()) for part in parts]
    clauses = [Clause(heading=part.heading, questions=_questions(part)) for part in parts if part.level]
    found = tuple(sections(bare, clauses))
    if not found:
        raise PolicyFault(f"{name}: there is no text in it.")
    return Draft(found, tuple(warnings))


def _body(text: str, name: str) -> str:
    """The text without its front matter, if it has one that is whole."""
    try:
        return read_head(text, name).body
    except PolicyFault:
        lines = text.split("\n")
        closed = "---" in lines[1:] and lines[0].strip() == "---"
        return "\n".join(lines[lines.index("---", 1) + 1 :]) if closed else text


def _closed(body: str) -> str:
    """The text with every comment closed: one that is not ends at the next empty line or heading, or with the text."""
    at = unclosed_at(body)
    return body if at is None else body[:at] + _UNCLOSED.sub(r"\g<0>\n-->", body[at:])


def _questions(part: Part) -> tuple[str, ...]:
    lists = [comment.text for comment in comments(part.body) if comment.text.lower().startswith("questions")]
    rows = [row.strip() for each in lists for row in each[len("questions") :].lstrip(" :").splitlines()]
    return tuple(row for row in rows if row)
