"""One policy version, ready to be asked."""

import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice

from bot.policy.answers import refusals
from bot.policy.answers.about_me import is_about_me
from bot.policy.answers.evidence import evidence
from bot.policy.answers.features import Reader
from bot.policy.answers.functions import asked_for, functions_of, served
from bot.policy.answers.lists import common_words, function_words, spellings
from bot.policy.answers.others import asks_for_another
from bot.policy.answers.patterns import patterns
from bot.policy.answers.question import Term, read_question
from bot.policy.answers.quotes import quote_of
from bot.policy.answers.ranking import Match, Ranker
from bot.policy.answers.references import Numbering, claims
from bot.policy.answers.shelf import Shelf, shelve
from bot.policy.answers.specific import lacks
from bot.policy.answers.spelling import Speller, Vocabulary
from bot.policy.answers.thesaurus import Thesaurus, thesaurus
from bot.policy.answers.tokens import stemmer, words
from bot.policy.answers.values import Answer, Passage, Refusal, Section, Tier
from bot.policy.answers.verbatim import Verbatim

# From this much evidence on the policy is said to answer, or to have something close (see docs/answers.md).
ANSWERS = 1.9
CLOSE = -0.2
# A second section is shown with the answer when it is nearly as near, a third with the closest when it is not far off.
NEARLY = 0.85
NOT_FAR = 0.6
BEST = 3
# What a section is for counts beside its words: who may look is asked for in more ways than any list of words has.
SERVES = 0.18
# A question that is an author's own has its section, whatever else is like it.
AUTHORS_OWN = 2.0
# A follow-up in a thread is about the section before it, the more so the less it says itself.
IN_THREAD = 0.15
FOLLOWS = 0.6
FOLLOWS_EVIDENCE = 1.0
SAYS_LITTLE = 1.2
_ASKING = re.compile(r"^[\W\d]*(?:who|what|where|when|why|how|can|do|does|is|are|will)(?: [\w'’]+){2,}", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"^\W*(?:and|but|so|then|or|why|how come|what about|how about|since when|it|that|those|they|even|also|only|really|"
    r"who|when|for how long)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Thread:
    """What a question in a thread owes to the section before it: nearness and evidence."""

    heading: str | None = None
    bonus: float = 0.0
    evidence: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One question as read: its terms, what it asks for, and the sections whose author, or
    whose heading, asks the same."""

    question: str
    terms: Sequence[Term]
    thread: Thread
    functions: frozenset[str]
    of_author: frozenset[int]
    of_heading: frozenset[int]


def _thread(terms: Sequence[Term], question: str, about: str | None) -> Thread:
    if about is None:
        return Thread()
    if sum(term.weight for term in terms) < SAYS_LITTLE or _FOLLOWS.match(question):
        return Thread(about, FOLLOWS, FOLLOWS_EVIDENCE)
    return Thread(about, IN_THREAD)


class Index:
    """Answers questions from the sections of one policy; `language` is the policy's, as in its front matter.

    No question is kept, and the same question always gets the same answer.
    """

    def __init__(self, sections: Sequence[Section], language: str = "en") -> None:
        # What stands before the first heading has no name to be cited by.
        sections = [section for section in sections if section.heading.strip()] or list(sections)
        self._english = language.split("-")[0].lower() == "en"
        everyday = common_words() if self._english else function_words(language)
        self._reader = Reader(stemmer(language), thesaurus(language), everyday)
        self._speller = Speller(Vocabulary(_own_words(sections)), _shared(language), self._reader.stem)
        with _collector_waiting():
            self._shelves = [shelve(section, self._reader) for section in sections]
            self._ranker = Ranker(self._shelves, [list(map(self._read, (s.heading, *s.questions))) for s in sections])
        if self._english:
            _read_patterns()
        self._functions = [functions_of(s.heading, s.questions) if self._english else {} for s in sections]
        self._authors = Verbatim([section.questions for section in sections], self._reader)
        self._asking = Verbatim([_asking(section.heading) for section in sections], self._reader)
        named = [section.heading for section in sections if section.heading]
        self._numbered = [number for number, section in enumerate(sections) if section.heading]
        self._numbering = Numbering(named, "\n".join(section.text for section in sections))

    def ask(self, question: str, *, about: str | None = None) -> Answer:
        """The answer to a question; `about` is the heading that a follow-up in a thread is about."""
        if refusal := self._unreadable(question):
            return Answer("refused", (), self._headings(()), refusal)
        question = refusals.unwrapped(question) if self._english else question
        asked = self._asked(question, about)
        ranked = self._ranked(asked)
        found = Answer("silent", (), self._headings(ranked), about_me=self._english and is_about_me(question))
        if not asked.of_author and (refusal := self._refusal(question)):
            return replace(found, tier="refused", refusal=refusal, about_me=False)
        tier = self._tier(asked, ranked)
        return replace(found, tier=tier, passages=self._passages(tier, ranked))

    def _asked(self, question: str, about: str | None) -> Asked:
        terms = self._read(question)
        return Asked(
            question,
            terms,
            _thread(terms, question, about),
            asked_for(question) if self._english else frozenset(),
            frozenset(self._authors.asked_of(question)),
            frozenset(self._asking.asked_of(question)),
        )

    def _read(self, question: str) -> list[Term]:
        return read_question(question, self._reader, self._speller)

    def _unreadable(self, question: str) -> Refusal | None:
        if refusals.is_empty(question):
            return "empty"
        return "too long" if refusals.is_too_long(question) else None

    def _refusal(self, question: str) -> Refusal | None:
        if self._english and refusals.is_injection(question):
            return "injection"
        if self._numbering.named_in(question)[1]:
            return "no such section"
        if self._english and asks_for_another(question, self._speller.knows):
            return "another person"
        return "chit-chat" if self._english and refusals.is_chit_chat(question) else None

    def _ranked(self, asked: Asked) -> list[Match]:
        """The sections that can be quoted, the nearest first; one that the question names comes before all others."""
        named = {self._numbered[place] for place in self._numbering.named_in(asked.question)[0]}
        before = {number for number, shelf in enumerate(self._shelves) if shelf.section.heading == asked.thread.heading}
        found = [
            replace(
                match,
                score=match.score + (match.shelf in named) + self._bonus(match.shelf, asked, before),
                unit=None if match.shelf in asked.of_heading else match.unit,
            )
            for match in self._ranker.rank(asked.terms, named | before | asked.of_author | asked.of_heading)
        ]
        quotable = [match for match in found if self._shelves[match.shelf].units and match.score > 0]
        return sorted(quotable, key=lambda match: (-match.score, match.shelf))

    def _bonus(self, shelf: int, asked: Asked, before: set[int]) -> float:
        return (
            asked.thread.bonus * (shelf in before)
            + AUTHORS_OWN * (shelf in asked.of_author or shelf in asked.of_heading)
            + SERVES * served(asked.functions, self._functions[shelf])
        )

    def _tier(self, asked: Asked, ranked: Sequence[Match]) -> Tier:
        if not ranked:
            return "silent"
        if ranked[0].shelf in asked.of_author | asked.of_heading:
            return "answer"
        best = self._shelves[ranked[0].shelf]
        serves = served(asked.functions, self._functions[ranked[0].shelf])
        sure = evidence(asked.terms, ranked[0], ranked[1] if len(ranked) > 1 else None, best, serves)
        sure += asked.thread.evidence if best.section.heading == asked.thread.heading else 0.0
        if sure >= ANSWERS and not (self._english and self._beside_the_point(asked.question, best.section)):
            return "answer"
        return "closest" if sure >= CLOSE else "silent"

    def _beside_the_point(self, question: str, best: Section) -> bool:
        """The question puts words into the policy's mouth, or asks for something by name that its section lacks."""
        return claims(question) or lacks(question, (best.heading, best.text, *best.questions))

    def _passages(self, tier: Tier, ranked: Sequence[Match]) -> tuple[Passage, ...]:
        if tier == "silent":
            return ()
        most, near = (2, NEARLY) if tier == "answer" else (BEST, NOT_FAR)
        shown = [match for match in ranked[:most] if match.score >= near * ranked[0].score]
        return tuple(self._passage(match) for match in shown)

    def _passage(self, match: Match) -> Passage:
        shelf = self._shelves[match.shelf]
        return Passage(shelf.section.heading, quote_of(shelf, match.unit))

    def _headings(self, ranked: Iterable[Match]) -> tuple[str, ...]:
        """The three best headings; when fewer match, the first of the others in the policy's order."""
        matched = (self._shelves[match.shelf] for match in ranked)
        order = chain(matched, (shelf for shelf in self._shelves if shelf.units), self._shelves)
        return tuple(shelf.section.heading for shelf in islice(_each_once(order), BEST))


def _each_once(shelves: Iterable[Shelf]) -> Iterator[Shelf]:
    """Every section once; two with the same heading are two."""
    seen: set[int] = set()
    for shelf in shelves:
        if id(shelf) not in seen:
            seen.add(id(shelf))
            yield shelf


def _asking(heading: str) -> tuple[str, ...]:
    """A heading that reads like a question, such as "Who sees it"."""
    return (heading,) if _ASKING.match(heading) else ()


@contextmanager
def _collector_waiting() -> Iterator[None]:
    """All that is built stays: looking for garbage in it, over and over, takes a third of the time."""
    waits = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if waits:
            gc.enable()


def _read_patterns() -> None:
    """At the start, so that the first question is answered as fast as every other."""
    for name in ("injection", "another_person", "chit_chat", "about_me", "functions", "specific"):
        patterns(name)


def _own_words(sections: Iterable[Section]) -> set[str]:
    texts = (text for each in sections for text in (each.heading, each.text, *each.questions, *each.path))
    return set(words("\n".join(texts)))


@cache
def _shared(language: str) -> Vocabulary:
    """The words of the engine's own lists, for a policy in English."""
    if language.split("-")[0].lower() != "en":
        return Vocabulary(function_words(language))
    return Vocabulary({*_members(thesaurus(language)), *common_words(), *spellings()})


def _members(known: Thesaurus) -> set[str]:
    return {
        word for group in known.groups.values() for member in (*group.members, *group.loose) for word in words(member)
    }
