"""Which sections are nearest to a question."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from bot.policy.answers.question import Term
from bot.policy.answers.shelf import PATH, QUESTION, Features, Shelf, slots_of

# A section is as near as its best sentence read under its heading, and as the whole of it, and somewhat nearer when its
# heading, or questions that its author says it answers, are like what is asked: two that are tell more than one.
HEADING = 0.8
REST = 1.0
AUTHOR, ANOTHER = 0.3, 0.25
LIKE_HEADING = 0.2
# Of a question like the author's: how much what was asked is in it, against how much the two are the same.
ASKED, SAME = 0.7, 0.3
# Sections that are looked at sentence by sentence; of a short policy, all.
CANDIDATES = 24
# To find them, the terms that say most are looked for, by words for the same thing; what only lies near does not count.
TELLING_TERMS = 8
CLOSE = 0.4
COMMONEST = 0.1
# Under the title of it all stands an introduction: what it touches on, a section of its own says in full.
INTRODUCES = 0.8

# The places of a shelf's parts.
_OWN, _ABOVE, _UNITS = 0, 1, 2

Row = Mapping[int, float]
Postings = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True)
class Match:
    """How near one section is: `score` (0 to about 2), its best unit's number (None when no unit has anything of the
    question), and `like`, how like the question its heading or its nearest author's question is (0 to 1)."""

    shelf: int
    score: float
    unit: int | None
    like: float


@dataclass(frozen=True)
class Asked:
    """A question's terms, what they weigh together, and the most that they could match."""

    terms: Sequence[Term]
    weight: float
    mass: float


class Ranker:
    """Ranks the sections of one policy. `asked`: the terms of each shelf's heading, and of its author's questions."""

    def __init__(self, shelves: Sequence[Shelf], asked: Sequence[Sequence[Sequence[Term]]]) -> None:
        self.shelves = shelves
        self.rarity = _rarity([shelf.whole for shelf in shelves])
        self._whole = _posted((number, shelf.whole) for number, shelf in enumerate(shelves))
        self._slots = [_posted(enumerate(slots_of(shelf))) for shelf in shelves]
        above = Counter(heading for shelf in shelves for heading in set(shelf.section.path))
        self._titles = {
            number for number, shelf in enumerate(shelves) if above[shelf.section.heading] > len(shelves) / 2
        }
        self._asked = [[self._mass(terms) for terms in of_shelf] for of_shelf in asked]

    def rank(self, terms: Sequence[Term], named: Iterable[int] = ()) -> list[Match]:
        """The sections, the nearest first; of a long policy, the candidates and those that are `named`."""
        asked = Asked(terms, sum(term.weight for term in terms) or 1.0, self._mass(terms))
        found = [self._match(shelf, asked) for shelf in sorted({*self._candidates(terms), *named})]
        return sorted(found, key=lambda match: (-match.score, match.shelf))

    def _candidates(self, terms: Sequence[Term]) -> Iterable[int]:
        """Every section of a short policy; of a long one, those that have most of the question."""
        if len(self.shelves) <= CANDIDATES:
            return range(len(self.shelves))
        total = [0.0] * len(self.shelves)
        for term in nlargest(TELLING_TERMS, terms, key=lambda term: term.weight):
            close = [(feature, strength) for feature, strength in term.features if strength >= CLOSE]
            for shelf, match in self._row(close, self._whole).items():
                total[shelf] += term.weight * match
        return nlargest(CANDIDATES, range(len(total)), key=lambda shelf: (total[shelf], -shelf))

    def _row(self, features: Sequence[tuple[str, float]], posted: Postings) -> dict[int, float]:
        """How well a term matches, wherever it does: by the best of its features, the rarer the better."""
        row: dict[int, float] = {}
        for feature, strength in features:
            if places := posted.get(feature):
                reach = strength * self.rarity[feature]
                for place, there in places:
                    if (match := reach * there) > row.get(place, 0.0):
                        row[place] = match
        return row

    def _match(self, number: int, asked: Asked) -> Match:
        posted, units = self._slots[number], len(self.shelves[number].of_units)
        rows = [(term.weight, self._row(term.features, posted)) for term in asked.terms]
        rest = sum(weight * _anywhere(row, units) for weight, row in rows)
        best, unit = _best_unit(rows, units)
        own, *authors = self._likenesses(number, rows, asked.mass)
        near = (best + REST * rest) / asked.weight / (1 + REST)
        nearest, another, *_ = (*nlargest(2, authors), 0.0, 0.0)
        score = near + LIKE_HEADING * own + AUTHOR * nearest + ANOTHER * another
        if number in self._titles:
            score *= INTRODUCES
        return Match(number, score, unit, max(own, *authors, 0.0))

    def _likenesses(self, number: int, rows: Sequence[tuple[float, Row]], asked: float) -> list[float]:
        """How like the question (0 to 1) the section's heading is, and each of the author's questions."""
        found = []
        for slot, mass in enumerate(self._asked[number], _UNITS + len(self.shelves[number].of_units)):
            shared = sum(weight * row.get(slot, 0.0) for weight, row in rows)
            like = ASKED * shared / asked + SAME * 2 * shared / (asked + mass) if asked else 0.0
            found.append(min(1.0, like))
        return found

    def _mass(self, terms: Sequence[Term]) -> float:
        """The most that the terms could match of themselves."""
        return sum(
            term.weight * max((s * self.rarity.get(f, 1.0) for f, s in term.features), default=1.0) for term in terms
        )


def _anywhere(row: Row, units: int) -> float:
    """How well a term matches the section as a whole: `Shelf.whole`, without reading it."""
    best = 0.0
    for slot, match in row.items():
        if slot == _ABOVE:
            match *= PATH
        elif slot > _UNITS + units:
            match *= QUESTION
        best = max(best, match)
    return best


def _best_unit(rows: Sequence[tuple[float, Row]], units: int) -> tuple[float, int | None]:
    """The weight of what the best unit and the headings above it have of the question, and that unit's number."""
    under, gains, own = 0.0, [0.0] * units, [0.0] * units
    for weight, row in rows:
        base = max(HEADING * row.get(_OWN, 0.0), PATH * row.get(_ABOVE, 0.0))
        under += weight * base
        for slot, match in row.items():
            if _UNITS <= slot < _UNITS + units:
                gains[slot - _UNITS] += weight * max(0.0, match - base)
                own[slot - _UNITS] += weight * match
    if not any(own):
        return under, None
    best = max(range(units), key=lambda unit: (gains[unit], own[unit], -unit))
    return under + gains[best], best


def _posted(parts: Iterable[tuple[int, Features]]) -> dict[str, list[tuple[int, float]]]:
    """Feature -> where it is, and how strong there."""
    posted: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, features in parts:
        for feature, strength in features.items():
            posted[feature].append((place, strength))
    return dict(posted)


def _rarity(sections: Sequence[Features]) -> dict[str, float]:
    """Every feature to how few sections have it: 1 for hardly any, towards 0 for all. The root keeps what all speak of
    from counting for nothing: in a short policy, who sees the data is asked of a section among many that say "data"."""
    counts: dict[str, float] = {}
    for features in sections:
        for feature, strength in features.items():
            counts[feature] = counts.get(feature, 0.0) + strength
    most = len(sections) + 1
    return {
        feature: min(1.0, max(COMMONEST, math.log(most / (count + 0.5)) / math.log(most)) ** 0.5)
        for feature, count in counts.items()
    }
