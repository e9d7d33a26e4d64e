"""Counting opened ballots, question by question: no cross-tabs, and nothing is kept of a single ballot."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.pulse.envelope import Ballot
from bot.pulse.questions import DONT_KNOW, POINTS, Question

Segment = Literal["everyone", "leaders", "others"]
_OPTIONS = frozenset({*POINTS, DONT_KNOW})


@dataclass
class Counted:
    """A wave's ballots, counted: exact, and therefore in memory only. `ballots` is their number."""

    ballots: int = 0
    by_question: dict[tuple[str, Segment], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    comments: list[str] = field(default_factory=list)

    def of(self, question: str, segment: Segment) -> Counter[str]:
        """How often each option was chosen; nothing where nobody answered."""
        return self.by_question.get((question, segment), Counter())


def count(questions: Sequence[Question], ballots: Iterable[Ballot]) -> Counted:
    """Count the ballots of a wave with these questions; answers to others, and unknown options, are left out."""
    asked = [question.id for question in questions if question.scale is not None]
    counted = Counted()
    for ballot in ballots:
        counted.ballots += 1
        for question in asked:
            _add(counted, question, ballot)
        if ballot.comment:
            counted.comments.append(ballot.comment)
    return counted


def _add(counted: Counted, question: str, ballot: Ballot) -> None:
    option = ballot.answers.get(question)
    if option not in _OPTIONS:
        return
    segments: tuple[Segment, Segment] = ("everyone", "leaders" if ballot.leader else "others")
    for segment in segments:
        counted.by_question[question, segment][option] += 1
