"""One policy version, ready to be asked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from bot.policy.answers import refusals
from bot.policy.answers.about_me import is_about_me
from bot.policy.answers.evidence import evidence
from bot.policy.answers.features import Reader
from bot.policy.answers.lists import common_words, function_words, spellings
from bot.policy.answers.others import asks_for_another
from bot.policy.answers.patterns import patterns
from bot.policy.answers.question import Term, read_question
from bot.policy.answers.quotes import quote_of
from bot.policy.answers.ranking import Match, Ranker
from bot.policy.answers.references import Numbering, claims
from bot.policy.answers.shelf import shelve
from bot.policy.answers.spelling import Speller, Vocabulary
from bot.policy.answers.thesaurus import Thesaurus, thesaurus
from bot.policy.answers.tokens import stemmer, words
from bot.policy.answers.values import Answer, Passage, Refusal, Section, Tier

# From this much evidence on the policy is said to answer, or to have something close (see docs/answers.md).
ANSWERS = 2.2
CLOSE = 0.0
# A second section is shown with the answer when it is nearly as near, a third with the closest when it is not far off.
NEARLY = 0.85
NOT_FAR = 0.6
BEST = 3
# A follow-up in a thread is about the section before it, the more so the less it says itself.
IN_THREAD = 0.15
FOLLOWS = 0.6
FOLLOWS_EVIDENCE = 1.0
SAYS_LITTLE = 1.2
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
        self._english = language.split("-")[0].lower() == "en"
        words_known = thesaurus(language)
        self._reader = Reader(
            stemmer(language), words_known, common_words() if self._english else function_words(language)
        )
        self._speller = Speller(Vocabulary(_own_words(sections)), _shared(language), self._reader.stem)
        self._shelves = [shelve(section, self._reader) for section in sections]
        self._ranker = Ranker(self._shelves, [list(map(self._read, (s.heading, *s.questions))) for s in sections])
        if self._english:
            _read_patterns()
        named = [section.heading for section in sections if section.heading]
        self._numbered = [number for number, section in enumerate(sections) if section.heading]
        self._numbering = Numbering(named, "\n".join(section.text for section in sections))

    def ask(self, question: str, *, about: str | None = None) -> Answer:
        """The answer to a question; `about` is the heading that a follow-up in a thread is about."""
        if refusal := self._unreadable(question):
            return Answer("refused", (), self._headings(()), refusal)
        terms = self._read(question)
        thread = _thread(terms, question, about)
        ranked = self._ranked(terms, question, thread)
        found = Answer("silent", (), self._headings(ranked), about_me=self._english and is_about_me(question))
        if refusal := self._refusal(question):
            return replace(found, tier="refused", refusal=refusal, about_me=False)
        tier = self._tier(terms, ranked, question, thread)
        return replace(found, tier=tier, passages=self._passages(tier, ranked))

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

    def _ranked(self, terms: Sequence[Term], question: str, thread: Thread) -> list[Match]:
        """The sections that can be quoted, the nearest first; one that the question names comes before all others."""
        named = {self._numbered[place] for place in self._numbering.named_in(question)[0]}
        before = {number for number, shelf in enumerate(self._shelves) if shelf.section.heading == thread.heading}
        found = [
            replace(match, score=match.score + (match.shelf in named) + thread.bonus * (match.shelf in before))
            for match in self._ranker.rank(terms, named | before)
        ]
        quotable = [match for match in found if self._shelves[match.shelf].units and match.score > 0]
        return sorted(quotable, key=lambda match: (-match.score, match.shelf))

    def _tier(self, terms: Sequence[Term], ranked: Sequence[Match], question: str, thread: Thread) -> Tier:
        if not ranked:
            return "silent"
        best = self._shelves[ranked[0].shelf]
        sure = evidence(terms, ranked[0], ranked[1] if len(ranked) > 1 else None, best.whole)
        sure += thread.evidence if best.section.heading == thread.heading else 0.0
        if sure >= ANSWERS and not (self._english and claims(question)):
            return "answer"
        return "closest" if sure >= CLOSE else "silent"

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
        found: dict[str, None] = {}
        for shelf in order:
            found[shelf.section.heading] = None
            if len(found) == BEST:
                break
        return tuple(found)


def _read_patterns() -> None:
    """At the start, so that the first question is answered as fast as every other."""
    for name in ("injection", "another_person", "chit_chat", "about_me"):
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
