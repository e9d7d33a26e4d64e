"""Every version as the engine reads it: one index each, built at the first question and kept in memory."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bot.policy.answers import Index, Passage, Section
from bot.policy.answers.tokens import words
from bot.policy.clauses import Part, split
from bot.policy.document import Clause, PolicyDocument
from storage.tables import PolicyVersion

# The version in force, those that people are still bound by, and a draft or two that HR looks at.
MOST = 32
MOST_LINES = 4096


@dataclass(frozen=True)
class IndexedClause:
    """One clause of a version: its heading and body, and what the author says of it. `number` counts from 0."""

    number: int
    part: Part
    author: Clause


@dataclass(frozen=True)
class Book:
    """One version: its clauses in order, the index over them, and the words that stand in its text."""

    clauses: tuple[IndexedClause, ...]
    index: Index = field(compare=False)
    words: frozenset[str] = field(compare=False, default=frozenset())

    def clause_of(self, passage: Passage) -> IndexedClause:
        """Where a passage stands; of several headings that read alike, the one whose text has it."""
        alike = [each for each in self.clauses if each.part.heading == passage.heading]
        return next((each for each in alike if passage.quote in each.part.body), alike[0])

    def heading(self, number: int) -> str | None:
        """The heading of that clause; None for a number that there is not."""
        return self.clauses[number].part.heading if 0 <= number < len(self.clauses) else None

    def answer_line(self, question: str) -> str | None:
        """What answers the question, in the author's words: the nearest of the questions listed under the heading, and
        the heading; None when the policy does not answer it."""
        found = self.index.ask(question)
        if found.tier != "answer":
            return None
        clause = self.clause_of(found.passages[0])
        heading, listed = clause.part.heading, clause.author.questions
        if not listed:
            return heading
        nearest = max(listed, key=lambda each: SequenceMatcher(None, each.lower(), question.lower()).ratio())
        return f"{nearest} ({heading})" if heading else nearest

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings in order; text before the first one has none."""
        return tuple(each.part.heading for each in self.clauses if each.part.level)


class Library:
    """The books, by the fingerprint of their version. Safe from several threads."""

    def __init__(self) -> None:
        self._books: dict[str, Book] = {}
        self._lines: dict[tuple[str, str], str | None] = {}
        self._building = threading.Lock()

    def book(self, version: PolicyVersion | PolicyDocument) -> Book:
        """The book of a version or a draft. Texts of one fingerprint are the same, so it is never built anew."""
        found = self._books.get(version.hash)
        if found is None:
            with self._building:
                found = self._books.get(version.hash) or self._keep(version.hash, open_book(version))
        return found

    def answer_line(self, version: PolicyVersion | PolicyDocument, question: str) -> str | None:
        """`Book.answer_line`, kept in memory: the same open questions are tried for each notice of a version."""
        key = version.hash, question
        if key in self._lines:
            return self._lines[key]
        line = self.book(version).answer_line(question)
        if len(self._lines) < MOST_LINES:
            self._lines[key] = line
        return line

    def _keep(self, digest: str, book: Book) -> Book:
        if len(self._books) >= MOST:
            self._books.pop(next(iter(self._books)))
        self._books[digest] = book
        return book


def open_book(version: PolicyVersion | PolicyDocument) -> Book:
    """The text of a version in clauses, with an index over them."""
    parts = split(version.text)
    authors = _matched(parts, [Clause.model_validate(clause) for clause in version.clauses])
    clauses = tuple(IndexedClause(number, *both) for number, both in enumerate(zip(parts, authors, strict=True)))
    return Book(clauses, Index(list(_sections(clauses)), version.language[:2]), frozenset(words(version.text)))


def _matched(parts: list[Part], clauses: list[Clause]) -> Iterator[Clause]:
    """What the author says of each part; nothing for text before the first heading, and for the first versions, of
    which no clauses were kept."""
    known = iter(clauses) if len(clauses) == sum(part.level > 0 for part in parts) else iter(())
    by_heading = {clause.heading: clause for clause in clauses}
    for part in parts:
        unknown = by_heading.get(part.heading, Clause(heading=part.heading))
        yield next(known, unknown) if part.level else Clause(heading="")


def _sections(clauses: Iterable[IndexedClause]) -> Iterator[Section]:
    above: list[Part] = []
    for clause in clauses:
        part = clause.part
        above = [each for each in above if each.level < part.level]
        yield Section(part.heading, part.body, clause.author.questions, tuple(each.heading for each in above))
        above += [part] if part.level else []
