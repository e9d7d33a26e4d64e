"""Mending what was mistyped: an unknown word is read as the known one a slip away from it."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.policy.answers.tokens import Stem

# Shorter words have too many neighbours; longer ones may hold two slips.
SHORTEST = 4
TWO_SLIPS_FROM = 8
# Up to here another letter in a word makes another word ("mayor", "major") more often than a slip.
ANOTHER_WORD = 6
_LONGEST = 30


class Vocabulary:
    """Words found by what remains of them when one letter is left out."""

    def __init__(self, known: Iterable[str]) -> None:
        self._words = frozenset(known)
        self._by_rest: dict[str, list[str]] = {}
        for word in sorted(self._words):
            if SHORTEST <= len(word) <= _LONGEST:
                for rest in _rests(word):
                    self._by_rest.setdefault(rest, []).append(word)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def stems(self, stem: Stem) -> frozenset[str]:
        """The stems of the words."""
        return frozenset(map(stem, self._words))

    def near(self, word: str) -> set[str]:
        """The known words that share with `word` what remains when a letter, or none, is left out of either."""
        return {near for rest in _rests(word) for near in self._by_rest.get(rest, ())}


class Speller:
    """Knows the words of one policy and of the engine's own lists. Words are as `tokens.words` gives them."""

    def __init__(self, own: Vocabulary, shared: Vocabulary, stem: Stem) -> None:
        self._lists, self._stem = (own, shared), stem
        self._stems = own.stems(stem) | shared.stems(stem)

    def mend(self, word: str) -> str:
        """The word itself when it is known, too short or no word; else the nearest known one, if one is near."""
        if not SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or self.knows(word):
            return word
        found = [(near, order) for order, known in enumerate(self._lists) for near in known.near(word)]
        allowed = 2 if len(word) >= TWO_SLIPS_FROM else 1
        ranked = sorted((_slips(word, near), order, near) for near, order in found if not _another(word, near))
        return next((near for slips, _, near in ranked if slips <= allowed), word)

    def knows(self, word: str) -> bool:
        """The word, or another form of it, is in the policy or in the engine's lists."""
        return any(word in known for known in self._lists) or self._stem(word) in self._stems


def _another(word: str, near: str) -> bool:
    return len(word) == len(near) <= ANOTHER_WORD and sorted(word) != sorted(near)


def _rests(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters but the first: people seldom get that one wrong."""
    yield word
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]


@lru_cache(maxsize=10_000)
def _slips(one: str, other: str) -> int:
    """Letters added, left out, changed or swapped with their neighbour to make one word of the other."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
