"""The words of the field: which stand for the same thing, and which things lie near each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from bot.policy.answers.lists import common_words, lines
from bot.policy.answers.tokens import Stem, spoken, stemmer

FILES = ("handling", "taking_part", "people", "surveys", "law_and_ai", "neighbours", "plain", "idioms")
LOOSE = 0.5
# A group's name as a feature; no stem has such a mark.
MARK = "@"
Phrases = Mapping[tuple[str, str], Sequence[tuple[tuple[str, ...], Mapping[str, float]]]]


@dataclass(frozen=True)
class Group:
    """`weight`: how much a word of the group says about what a text is about; `near`: other groups, and how near."""

    name: str
    weight: float
    members: tuple[str, ...]
    loose: tuple[str, ...]
    near: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Thesaurus:
    """`of_word`: stem to {group: strength}; `of_everyday`: the same by the word as it is. `phrases`: first two stems to
    [(stems, {group: strength})], the longest first."""

    groups: Mapping[str, Group]
    of_word: Mapping[str, Mapping[str, float]]
    of_everyday: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    phrases: Phrases = field(default_factory=dict)

    def phrases_in(self, stems: Sequence[str]) -> Iterator[tuple[int, int, Mapping[str, float]]]:
        """(start, end, groups) of every phrase found, the longest at each place first."""
        for at, pair in enumerate(pairwise(stems)):
            for phrase, groups in self.phrases.get(pair, ()):
                if tuple(stems[at : at + len(phrase)]) == phrase:
                    yield at, at + len(phrase), groups

    def groups_of(self, word: str, stem: str, everyday: float) -> Mapping[str, float]:
        """The groups of a word. An everyday word has those that list it as it is: "can" is no form of "canned"."""
        return self.of_word.get(stem, {}) if everyday else self.of_everyday.get(word, {})


EMPTY = Thesaurus({}, {})


def thesaurus(language: str) -> Thesaurus:
    """The thesaurus of a language: there is one for English, and an empty one for every other."""
    return _english() if language.split("-")[0].lower() == "en" else EMPTY


def read_groups() -> Iterator[Group]:
    """Every group as it stands in the files."""
    for name in FILES:
        yield from map(_group, lines(f"{name}.txt"))


def _group(line: str) -> Group:
    head, members, loose, near = (*(part.strip() for part in line.split("|")), "", "")[:4]
    name, _, weight = head.partition("*")
    pairs = (pair.rsplit(" ", 1) for pair in _listed(near))
    return Group(name, float(weight or 1), _listed(members), _listed(loose), {to: float(by) for to, by in pairs})


def _listed(part: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (member.strip() for member in part.split(",")))))


@cache
def _english() -> Thesaurus:
    groups: dict[str, Group] = {}
    for group in read_groups():
        groups[group.name] = _joined(groups[group.name], group) if group.name in groups else group
    found: dict[tuple[str, ...], dict[str, float]] = {}
    stem = stemmer("en")
    for group in groups.values():
        for strength, members in ((1.0, group.members), (LOOSE, group.loose)):
            for member in members:
                strengths = found.setdefault(_stems(member, stem), {})
                strengths[group.name] = max(strength, strengths.get(group.name, 0.0))
    return Thesaurus(
        _near_both_ways(groups),
        {key[0]: value for key, value in found.items() if len(key) == 1},
        _everyday(groups.values()),
        _phrases(found),
    )


def _joined(first: Group, more: Group) -> Group:
    """A group told of in two places: the weight is that of the first."""
    members, loose = (*first.members, *more.members), (*first.loose, *more.loose)
    return Group(first.name, first.weight, members, loose, {**first.near, **more.near})


def _everyday(groups: Iterable[Group]) -> dict[str, dict[str, float]]:
    """The groups of everyday words, by the word as it stands in the files."""
    found: dict[str, dict[str, float]] = {}
    for group in groups:
        for strength, members in ((LOOSE, group.loose), (1.0, group.members)):
            for member in members:
                if common_words().get(member) == 0:
                    found.setdefault(member, {})[group.name] = strength
    return found


def _stems(member: str, stem: Stem) -> tuple[str, ...]:
    return tuple(map(stem, spoken(member)))


def _phrases(found: Mapping[tuple[str, ...], Mapping[str, float]]) -> Phrases:
    phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], Mapping[str, float]]]] = {}
    for key in sorted((key for key in found if len(key) > 1), key=lambda key: (-len(key), key)):
        phrases.setdefault((key[0], key[1]), []).append((key, found[key]))
    return phrases


def _near_both_ways(groups: Mapping[str, Group]) -> dict[str, Group]:
    near: dict[str, dict[str, float]] = {name: {} for name in groups}
    for name, group in groups.items():
        for other, by in group.near.items():
            near[name][other] = max(by, near[name].get(other, 0.0))
            near[other][name] = max(by, near[other].get(name, 0.0))
    return {name: Group(name, group.weight, group.members, group.loose, near[name]) for name, group in groups.items()}
