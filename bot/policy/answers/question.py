"""What is asked: a question's words and phrases, what each may be called in a policy, and how much each says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.policy.answers.features import Reader
from bot.policy.answers.spelling import Speller
from bot.policy.answers.thesaurus import LOOSE, MARK, Thesaurus
from bot.policy.answers.tokens import spoken

# The same thing by another word counts for less than the word itself; a neighbouring thing for less still.
SYNONYM = 0.85
NEIGHBOUR = 0.9
FAINTEST = 0.12
# A word that also has an everyday sense says little when only a loose member of a group.
EVERYDAY = 0.5
# In a phrase the words by themselves say little, and nothing where they would not say much alone either.
IN_PHRASE = 0.2
SAYS_SOMETHING = 0.3
# The second word for the same thing adds little.
REPEATED = 0.4
RARE = 0.7
NUMBER = 0.2
MOST_TERMS = 24
# More than the thesaurus has words and phrases.
_ENTRIES = 20_000


@dataclass(frozen=True)
class Term:
    """One word or phrase of a question. `weight`: how much it says about the subject; `features`: what would match it
    in a text, and how well (0 to 1)."""

    text: str
    weight: float
    features: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Word:
    """One word as typed, its stem once spelling mistakes are mended, and its weight in everyday English."""

    typed: str
    stem: str
    everyday: float


def read_question(question: str, reader: Reader, speller: Speller) -> list[Term]:
    """The terms of a question, those that say most when there are too many."""
    found = [_word(word, reader, speller) for word in spoken(question)]
    terms = _without_repeats([term for term in _terms(found, reader) if term.weight > 0])
    heaviest = sorted(terms, key=lambda term: -term.weight)[:MOST_TERMS]
    return [term for term in terms if term in heaviest]


def _word(typed: str, reader: Reader, speller: Speller) -> Word:
    mended = reader.forms.get(typed) or speller.mend(typed)
    everyday = NUMBER if mended.isdigit() else reader.stops.get(mended, RARE)
    return Word(mended, reader.stem(mended), everyday)


def _terms(found: Sequence[Word], reader: Reader) -> Iterator[Term]:
    longest: dict[int, tuple[int, Mapping[str, float]]] = {}
    for start, end, groups in reader.thesaurus.phrases_in([word.stem for word in found]):
        longest.setdefault(start, (end, groups))
    at = 0
    while at < len(found):
        end, groups = longest.get(at, (at, {}))
        if groups:
            yield _phrase(found[at:end], groups, reader)
            yield from _inside(found[at:end], reader)
        else:
            yield _single(found[at], reader)
        at = max(end, at + 1)


def _single(word: Word, reader: Reader) -> Term:
    groups = reader.thesaurus.groups_of(word.typed, word.stem, word.everyday)
    features = _spread(reader.thesaurus, tuple(groups.items()))
    if word.everyday > 0:
        features = (*features, (word.stem, 1.0))
    return Term(word.typed, _weight(word, groups, reader), features)


def _phrase(inside: Sequence[Word], groups: Mapping[str, float], reader: Reader) -> Term:
    features = dict(_spread(reader.thesaurus, tuple(groups.items())))
    features[" ".join(word.stem for word in inside)] = 1.0
    weight = max(reader.thesaurus.groups[group].weight * strength for group, strength in groups.items())
    return Term(" ".join(word.typed for word in inside), weight, tuple(features.items()))


def _inside(inside: Sequence[Word], reader: Reader) -> Iterator[Term]:
    """The words of a phrase by themselves: what they mean alone is mostly not what is meant."""
    for word in inside:
        term = _single(word, reader)
        if term.weight >= SAYS_SOMETHING:
            yield replace(term, weight=term.weight * IN_PHRASE)


def _weight(word: Word, groups: Mapping[str, float], reader: Reader) -> float:
    if not groups:
        return word.everyday
    known = reader.thesaurus.groups
    strong = max((known[group].weight for group, strength in groups.items() if strength > LOOSE), default=0.0)
    loose = max((known[group].weight for group in groups), default=0.0) * EVERYDAY
    return strong or min(loose, max(word.everyday, 0.15))


@lru_cache(maxsize=_ENTRIES)
def _spread(known: Thesaurus, groups: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The groups and those near them, as features."""
    found: dict[str, float] = {}
    for group, strength in groups:
        found[MARK + group] = max(found.get(MARK + group, 0.0), strength * SYNONYM)
        for other, nearness in known.groups[group].near.items():
            reach = strength * nearness * NEIGHBOUR
            if reach >= FAINTEST and reach > found.get(MARK + other, 0.0):
                found[MARK + other] = reach
    return tuple(found.items())


def _without_repeats(terms: Sequence[Term]) -> list[Term]:
    seen: set[str] = set()
    kept = []
    for term in terms:
        main = max(term.features, key=lambda pair: pair[1], default=("", 0.0))[0]
        groups = {feature for feature, strength in term.features if strength >= SYNONYM}
        if main in seen or (groups and groups <= seen):
            kept.append(replace(term, weight=term.weight * REPEATED))
        else:
            kept.append(term)
        seen |= groups | {main}
    return kept
