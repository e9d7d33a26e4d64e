"""What is published of a count: bands of 20 points, and only of groups that are large enough.

Both end bands hold one answer more than none or all, for every group of five and more: "up to 20 %" may be one of
five, and "80 % and more" four of five. So no band says that nobody, or everybody, answered one way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.pulse.questions import AGREEING, DONT_KNOW, Question
from bot.pulse.tallying import Counted, Segment

BANDS = 5
# With fewer, the end bands would say "nobody" and "everybody".
SMALLEST = 5


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


def band(part: int, whole: int) -> int:
    """The band of a share: [0, 20], (20, 40], (40, 60), [60, 80), [80, 100] per cent."""
    if part * 5 <= whole:
        return 0
    if part * 5 >= whole * 4:
        return 4
    return 1 if part * 5 <= whole * 2 else 2 if part * 5 < whole * 3 else 3


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
    whole = _cell(question, "everyone", counted.of(question, "everyone"), smallest)
    if whole is None:
        return []
    parts = [_cell(question, segment, counted.of(question, segment), smallest) for segment in ("leaders", "others")]
    if any(part is None or part.share is None for part in parts):
        return [whole]
    return [whole, *(part for part in parts if part is not None)]


def _cell(question: str, segment: Segment, options: Counter[str], smallest: int) -> Cell | None:
    answered = options.total()
    opinions = answered - options[DONT_KNOW]
    if answered < smallest:
        return None
    share = band(sum(options[each] for each in AGREEING), opinions) if opinions >= smallest else None
    return Cell(question, segment, share, band(options[DONT_KNOW], answered))
