"""A cell: all that is published of one team in one week."""

from dataclasses import dataclass

from bot.pulse.bands import band
from bot.teams.counting import Counted
from bot.teams.hours import step

# In a group of four the end bands would prove that everybody, or nobody, saved time.
SMALLEST_FOR_BANDS = 5


@dataclass(frozen=True)
class Cell:
    """`saved` and `rework` are steps of `bot.teams.hours`, per person; `helped` is the band of the share who saved any
    time at all; `categories` are sorted codes; `half_reported`: at least half of those who count reported that week."""

    saved: int
    rework: int
    helped: int | None
    categories: tuple[str, ...]
    half_reported: bool


def cell_of(counted: Counted, smallest_group: int) -> Cell:
    """What is published of a group that may be shown."""
    return Cell(
        saved=step(counted.saved.total, counted.people),
        rework=step(counted.rework.total, counted.people),
        helped=band(counted.helped, counted.people) if counted.people >= SMALLEST_FOR_BANDS else None,
        categories=_named(counted, smallest_group),
        half_reported=2 * counted.fresh >= counted.people,
    )


def _named(counted: Counted, smallest_group: int) -> tuple[str, ...]:
    # In a group no larger than the smallest one, "enough named it" would say that everybody did; with one person more,
    # it would say so to whoever did not.
    if counted.people < smallest_group + 2:
        return ()
    return tuple(sorted(code for code, people in counted.categories.items() if people >= smallest_group))
