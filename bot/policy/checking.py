"""What is worth a second look in a policy that can be published: nothing here keeps anybody from publishing it."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from bot.policy.clauses import Part, code_lines, comments, first_wrapped, split
from bot.policy.document import Clause, PolicyDocument, decoded
from bot.policy.front_matter import Head, read_head
from bot.policy.numbers import Count, Unit, counts
from bot.policy.table_numbers import table_counts
from bot.policy.terms import Value, flat

_PLACEHOLDER = re.compile(r"\\?\{[^{}\n]*\}")
_FIRST_WORD = re.compile(r"\w+(?=[ \t]*(?::|\n|$))")
_DIRECTIVES = ("enforced", "promise", "questions")
_SPANS = ("retention_weeks", "pulse_weeks", "notice_days")
# Which terms a number in the text may be meant for, by what it counts.
_FAMILIES: dict[Unit, tuple[str, ...]] = {
    "days": _SPANS,
    "weeks": _SPANS,
    "fortnights": _SPANS,
    "months": _SPANS,
    "quarters": _SPANS,
    "years": _SPANS,
    "people": ("smallest_group", "smallest_group_comments"),
    "hour": ("hours",),
}
_DAYS: dict[Unit, float] = {
    "days": 1, "weeks": 7, "fortnights": 14, "months": 7 * 52 / 12, "quarters": 7 * 13, "years": 7 * 52,
}  # fmt: skip
# What people round: "a year" is 52 weeks, and 365 days are as well.
_ROUND = ("days", "months", "quarters", "years")
# A sentence with one of these tells how long or how often; any other "a month" or "30 days" may mean anything.
_OF_TIME = re.compile(
    r"\b(?:ke(?:ep|pt)|delet|eras|retain|retention|stor(?:ed|age)|stays?\b|goes\b|pulse|survey)", re.I
)
_OF_NOTICE = re.compile(r"\b(?:notice|notif|announc|in advance|before)", re.I)
_LONGEST_SENTENCE = 500
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n[ \t]*\n")


class Warn(NamedTuple):
    """Something worth a look: the line in the file, from 1, and what it is."""

    line: int
    said: str


class _File(NamedTuple):
    document: PolicyDocument
    head: Head
    parts: list[tuple[Part, Clause]]

    def line(self, at: int) -> int:
        """The line in the file of a place in the text."""
        return self.head.body.count("\n", 0, at) + self.head.body_line

    def line_of(self, part: Part) -> int:
        return part.line + self.head.body_line - 1

    def line_of_term(self, term: str) -> int:
        """The line of a term in the front matter, or of what it is part of."""
        path = ("terms", *term.split("."))
        return next(
            (self.head.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.head.lines), 1
        )


def check(document: PolicyDocument) -> list[Warn]:
    """Everything worth a look, by line."""
    head = read_head(decoded(document.source.encode(), "the file"), "the file")
    headed = [part for part in split(head.body) if part.level]
    file = _File(document, head, list(zip(headed, document.clauses, strict=True)))
    looks = (_numbers, _unmentioned, _unmarked, _misspelt, _nobody_to_write_to, _twice, _unasked, _wrapped)
    return sorted(warning for look in looks for warning in look(file))


def _numbers(file: _File) -> Iterator[Warn]:
    """A number in the prose that looks like a term but is not taken from it."""
    terms = flat(file.document.terms) | {"notice_days": file.document.notice_days}
    prose = _prose(file.head.body)
    in_tables = {found.start: found for found in table_counts(prose)}
    for found in (*in_tables.values(), *(each for each in counts(prose) if each.start not in in_tables)):
        if said := _looks_like(found, terms, _sentence(prose, found.start)):
            yield Warn(file.line(found.start), said)


def _sentence(text: str, at: int) -> str:
    """The sentence around this place, or as much of it as one has."""
    first, last = max(0, at - _LONGEST_SENTENCE), at + _LONGEST_SENTENCE
    begin = max((found.end() for found in _SENTENCE_END.finditer(text, first, at)), default=first)
    end = _SENTENCE_END.search(text, at, last)
    return text[begin : end.start() if end else last]


def _prose(body: str) -> str:
    """The text with comments, code and placeholders blanked, so that every place stays where it is."""
    code = code_lines(body)
    body = "\n".join(_blank(line) if number in code else line for number, line in enumerate(body.split("\n")))
    for comment in comments(body):
        body = body[: comment.start] + _blank(body[comment.start : comment.end]) + body[comment.end :]
    return _PLACEHOLDER.sub(lambda found: _blank(found[0]), body)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", "\0", text)


def _looks_like(found: Count, terms: dict[str, Value], sentence: str) -> str | None:
    of_time, notice = bool(_OF_TIME.search(sentence)), bool(_OF_NOTICE.search(sentence))
    if found.vague and not (of_time or notice):
        return None
    family = {name: value for name, value in terms.items() if name.startswith(_FAMILIES[found.unit])}
    if of_time and not notice:
        family.pop("notice_days", None)
    same = [name for name, value in family.items() if _equal(found, name, value)]
    if same:
        return f"“{found.words}” looks like {same[0]}: write {{{same[0]}}}, so that text and program cannot disagree."
    if (found.unit == "days" or found.vague) and not of_time:
        return None
    names = ", ".join(dict.fromkeys(name.partition(".")[0] for name in family))
    return f"“{found.words}” is none of the terms ({names}): if the program is to keep it, take it from one."


def _equal(found: Count, name: str, value: Value) -> bool:
    if not isinstance(value, int):
        return False
    if found.unit not in _DAYS:
        return found.value == value
    days = found.value * _DAYS[found.unit]
    if name == "notice_days":
        return days == value
    return abs(days / 7 - value) < (1 if found.unit in _ROUND else 0.5)


def _unmentioned(file: _File) -> Iterator[Warn]:
    """A term that no placeholder and no clause mentions: people are not told of it."""
    said = {term for clause in file.document.clauses for term in clause.terms}
    said |= {found[0].strip("{} \t") for found in _PLACEHOLDER.finditer(file.head.body)}
    for term in flat(file.document.terms):
        if not {term, term.partition(".")[0]} & said:
            yield Warn(file.line_of_term(term), f"{term}: no clause and no placeholder mentions this term.")


def _unmarked(file: _File) -> Iterator[Warn]:
    """A clause that says something, and not who keeps it."""
    for part, clause in file.parts:
        if clause.mark is None and _PLACEHOLDER.sub("x", _prose(part.body)).strip("\0 \n\t"):
            said = "is neither enforced nor a promise: write <!-- enforced: a term --> or <!-- promise --> under it."
            yield Warn(file.line_of(part), f"“{part.heading}” {said}")


def _misspelt(file: _File) -> Iterator[Warn]:
    """A comment that may be meant for the program, by a word that it does not know."""
    for comment in comments(file.head.body):
        word = found[0].lower() if (found := _FIRST_WORD.match(comment.text)) else ""
        near = get_close_matches(word, _DIRECTIVES, 1, 0.75)
        if word and near and word not in _DIRECTIVES:
            line = comment.line + file.head.body_line - 1
            yield Warn(line, f"“{word}” is no word that Candor knows; did you mean {near[0]}? It was left out.")


def _nobody_to_write_to(file: _File) -> Iterator[Warn]:
    if file.document.contact not in file.document.text:
        line = file.head.lines.get(("contact",), 1)
        yield Warn(line, "contact: no clause says whom to write to; {contact} in the text does.")


def _twice(file: _File) -> Iterator[Warn]:
    times = Counter(part.heading for part, _ in file.parts)
    seen: set[str] = set()
    for part, _ in file.parts:
        if times[part.heading] > 1 and part.heading in seen:
            yield Warn(file.line_of(part), f"“{part.heading}” is a heading twice: answers cannot say which is meant.")
        seen.add(part.heading)


def _unasked(file: _File) -> Iterator[Warn]:
    bare = [part for part, clause in file.parts if not clause.questions and part.body]
    if bare:
        yield Warn(
            file.line_of(bare[0]),
            f"{len(bare)} of {len(file.parts)} clauses: no questions are listed that it answers (<!-- questions); with "
            "some, people are answered better.",
        )


def _wrapped(file: _File) -> Iterator[Warn]:
    """Said once: an editor that wraps one paragraph wraps them all."""
    without_comments = re.sub(r"^[\0 \t]+$", "", _prose(file.head.body), flags=re.MULTILINE)
    if line := first_wrapped(without_comments):
        said = (
            "a paragraph is broken into lines, and answers in Slack show the breaks: write one line for each paragraph."
        )
        yield Warn(line + file.head.body_line - 1, said)
