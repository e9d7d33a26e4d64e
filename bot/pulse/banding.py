"""What is published of a count: bands of 20 points, and only of groups that are large enough.

Both end bands hold one answer more than none or all, for every group of five and more: "up to 20 %" may be one of
five, and "80 % and more" four of five. So no band says that nobody, or everybody, answered one way; and where the bands
of two groups and of both together would say it, those of the two are not shown. Who does not know is shown of everyone
only: by group, with the shares beside it, it could say that a whole group does not.

That holds against somebody who knows exactly how many of each group answered, and how many of them do not know. It does
not hold of two things. Who knows that exactly as many of a group answered as it takes to be shown, and sees its share,
can tell that none of them chose "don't know". And who subtracts their own answer from a group of five to nine may be
able to tell that all others in it, or none, agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.pulse.auditing import Part, tells_all_or_none
from bot.pulse.bands import BANDS as BANDS
from bot.pulse.bands import band as band
from bot.pulse.questions import AGREEING, DONT_KNOW, Question
from bot.pulse.tallying import Counted, Segment

# With fewer, the end bands would say "nobody" and "everybody".
SMALLEST = 5


class Gates(NamedTuple):
    """How many people have to be behind each band, and behind comments."""

    smallest: int
    for_comments: int


class _Terms(Protocol):
    @property
    def smallest_group(self) -> int: ...
    @property
    def smallest_group_comments(self) -> int: ...


def gates_of(*terms: _Terms) -> Gates:
    """What the strictest of these terms ask for, never fewer than `SMALLEST`, and for comments never fewer than for
    bands."""
    smallest = max(SMALLEST, *(each.smallest_group for each in terms))
    return Gates(smallest, max(smallest, *(each.smallest_group_comments for each in terms)))


@dataclass(frozen=True)
class Cell:
    """What is shown of one question for one segment: bands 0 to 4, None where it is not shown."""

    question: str
    segment: Segment
    share: int | None
    unsure: int | None


@dataclass(frozen=True)
class Publishable:
    """What is published of a wave."""

    cells: tuple[Cell, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True)
class _Answers:
    """How a segment answered one question: of `opinions`, so many agree; of `answered`, so many do not know."""

    agree: Part
    unsure: Part


def publishable(questions: Sequence[Question], counted: Counted, smallest: int, for_comments: int) -> Publishable:
    """What may be published of these counts, with at least `smallest` people behind each band, and comments from
    `for_comments` ballots on."""
    smallest = max(smallest, SMALLEST)
    cells = [
        cell for question in questions if question.scale is not None for cell in _cells(question.id, counted, smallest)
    ]
    comments = sorted(set(counted.comments)) if counted.ballots >= max(smallest, for_comments) else []
    return Publishable(tuple(cells), tuple(comments))


def _cells(question: str, counted: Counted, smallest: int) -> list[Cell]:
    everyone = _answers(counted, question, "everyone")
    if everyone.unsure.size < smallest:
        return []
    whole = Cell(question, "everyone", _alone(everyone.agree, smallest), everyone.unsure.band)
    leaders, others = (_answers(counted, question, segment).agree for segment in ("leaders", "others"))
    if min(leaders.size, others.size) < smallest or tells_all_or_none(leaders, others):
        return [whole]
    return [whole, Cell(question, "leaders", leaders.band, None), Cell(question, "others", others.band, None)]


def _answers(counted: Counted, question: str, segment: Segment) -> _Answers:
    options = counted.of(question, segment)
    dont_know, answered = options[DONT_KNOW], options.total()
    agree = sum(options[each] for each in AGREEING)
    return _Answers(Part(agree, answered - dont_know), Part(dont_know, answered))


def _alone(part: Part, smallest: int) -> int | None:
    return part.band if part.size >= smallest else None
