"""Which questions are due: those that were asked longest ago, so that every promise has its turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from bot.pulse.composing.bank import ACTION, CANDOUR, CLARITY, COMMENT, GAMING
from bot.pulse.questions import Question

PROMISES = 2
# One of clarity, then one of candour, and so on.
_TURNS = tuple(each for each in chain.from_iterable(zip_longest(CLARITY, CANDOUR)) if each is not None)

# The stored questions of one earlier wave.
Stored = Sequence[Mapping[str, Any]]


_NEVER = (-1, -1)


@dataclass(frozen=True)
class Asked:
    """When each question was last asked, by its id: its wave's place among all, and its own place in that wave."""

    last: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, waves: Sequence[Stored]) -> "Asked":
        """Read off the waves so far, oldest first."""
        places = (
            (wave, place, question["id"]) for wave, asked in enumerate(waves) for place, question in enumerate(asked)
        )
        return cls({question: (wave, place) for wave, place, question in places})

    def longest_ago(self, questions: Sequence[Question]) -> list[Question]:
        """The questions in the order in which it is their turn: never asked first, then as they are given."""
        return sorted(questions, key=lambda question: self.last.get(question.id, _NEVER))

    def wave_of(self, question: Question) -> int | None:
        """The place of the newest wave that asked this; None when none has."""
        wave, _ = self.last.get(question.id, _NEVER)
        return wave if wave >= 0 else None


def default(promises: Sequence[Question], asked: Asked) -> tuple[Question, ...]:
    """What a wave asks unless HR chooses: two promises, one of clarity or candour, the gaming question, a comment.

    With fewer than two promises the question whether anything will change fills up: always four or five.
    """
    due = asked.longest_ago(promises)[:PROMISES]
    filling = () if len(due) == PROMISES else (ACTION,)
    return (*due, asked.longest_ago(_TURNS)[0], *filling, GAMING, COMMENT)
