"""Questions that are an author's own, word for word or nearly so."""

from collections.abc import Iterable, Sequence

from bot.policy.answers.features import Reader
from bot.policy.answers.lists import lines
from bot.policy.answers.tokens import words

# "How is my data used?" and "How is my data used right now?" are one question.
_FILLER = frozenset(lines("filler.txt"))
# Small words that turn a question into another one.
_TURNS = frozenset(lines("turning.txt"))
SAME = 0.75


class Verbatim:
    """The author's questions of one policy, by their words."""

    def __init__(self, questions: Sequence[Iterable[str]], reader: Reader) -> None:
        self._reader = reader
        self._known: dict[frozenset[str], list[tuple[int, frozenset[str]]]] = {}
        for number, found in enumerate(questions):
            for kept in map(self._kept, found):
                self._known.setdefault(self._content(kept), []).append((number, kept))

    def asked_of(self, question: str) -> set[int]:
        """The sections, by their number, whose author asks the same."""
        asked = self._kept(question)
        return {number for number, kept in self._known.get(self._content(asked), ()) if _same(asked, kept)}

    def _content(self, stems: frozenset[str]) -> frozenset[str]:
        """What must be the same: all but small words."""
        return frozenset(stem for stem in stems if stem in _TURNS or self._reader.stops.get(stem, 1.0) > 0)

    def _kept(self, question: str) -> frozenset[str]:
        said = words(question)
        return frozenset(map(self._reader.stem, [word for word in said if word not in _FILLER] or said))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one ^ other) <= (1 - SAME) * len(one | other)
