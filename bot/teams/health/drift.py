"""Whether use grows while the reported hours do not: then the measure may have become a target."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from bot.teams.hours import CAP as MOST_HOURS

# So many weeks that show everything are compared with as many before them, all of them among the newest so many.
WEEKS = 4
NEWEST = 10
# Published steps are half days and half hours. On the mean of the weeks, this much more use is growth.
MORE_USE = 1

Drift = Literal["unknown", "none", "warning"]


@dataclass(frozen=True)
class Week:
    """What was published of the whole company in one week: steps of `bot.teams.health.usage` and `bot.teams.hours`;
    None: not shown."""

    monday: date
    season: int
    usage: int | None
    saved: int | None
    rework: int | None


class _Whole(NamedTuple):
    """A week of which everything is shown."""

    usage: int
    saved: int
    rework: int


def drift(weeks: Iterable[Week]) -> Drift:
    """Compares the last four weeks that show everything with the four before them; `weeks` are oldest first.

    "warning": on average half a day more of use, and hours saved less hours lost are not higher. "unknown": there are
    fewer than eight such weeks among the newest ten, or use has grown and the hours saved stand at the highest step:
    who knows how many more.
    """
    whole = list(_whole(list(weeks)[-NEWEST:]))
    before, lately = whole[-2 * WEEKS : -WEEKS], whole[-WEEKS:]
    if len(before) < WEEKS:
        return "unknown"
    if sum(week.usage for week in lately) - sum(week.usage for week in before) < MORE_USE * WEEKS:
        return "none"
    if any(week.saved == MOST_HOURS for week in lately):
        return "unknown"
    return "warning" if _net(lately) <= _net(before) else "none"


def _whole(weeks: Iterable[Week]) -> Iterator[_Whole]:
    for week in weeks:
        if week.usage is not None and week.saved is not None and week.rework is not None:
            yield _Whole(week.usage, week.saved, week.rework)


def _net(weeks: Sequence[_Whole]) -> int:
    return sum(week.saved - week.rework for week in weeks)
