"""A cell: all that is published of one team in one week.

Only what stands alone is rounded: a team, or what a team has beside the shown teams below it (its part). The team above
is put together from these rounded figures. Were it rounded by itself, the difference between the two roundings could
tell what few people reported: with 14 people below at 1.5 h and all 18 at less than 1 h, the other four saved nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from bot.pulse.banding import SMALLEST
from bot.pulse.bands import BANDS, band, span
from bot.teams.counting import Counted
from bot.teams.gates import Group, Team
from bot.teams.hours import drawn, step


@dataclass(frozen=True)
class Cell:
    """`saved` and `rework` are steps of `bot.teams.hours`, per person; `helped` is the band of the share who saved any
    time at all; `categories` are sorted codes; `half_reported`: at least half of those who count reported that week."""

    saved: int
    rework: int
    helped: int | None
    categories: tuple[str, ...]
    half_reported: bool


def cells_of(teams: Sequence[Team], shown: Mapping[int, Group], smallest_group: int) -> dict[int, Cell]:
    """What is published of a week, by team number."""
    mixed, cells = {team.number: _Mixed() for team in teams}, dict[int, Cell]()
    for team in reversed(teams):
        mine = mixed[team.number]
        if group := shown.get(team.number):
            if group.part.people:
                rounded = cell_of(group.part, max(team.smallest_group, smallest_group))
                mine.merge(_Mixed.of(rounded, group.part.people))
            cells[team.number] = mine.cell(group.whole)
        if team.parent is not None:
            mixed[team.parent].merge(mine)
    return dict(sorted(cells.items()))


def cell_of(counted: Counted, smallest_group: int) -> Cell:
    """What is published of a group that stands alone and may be shown."""
    return Cell(
        saved=step(counted.saved.total, counted.people),
        rework=step(counted.rework.total, counted.people),
        helped=band(counted.helped, counted.people) if bands_are_safe(counted) else None,
        categories=_named(counted, smallest_group),
        half_reported=_half(counted),
    )


def bands_are_safe(counted: Counted) -> bool:
    """Whether no two weeks' bands say of everybody who reported in between that they changed their answer."""
    needed = _reports_for_bands(counted.people)
    return needed is not None and counted.fresh >= needed


@cache
def _reports_for_bands(people: int) -> int | None:
    """More than lie between the lowest band and the highest; None where no number is enough."""
    lowest, highest = span(0, people), span(BANDS - 1, people)
    if people < SMALLEST or lowest is None or highest is None:
        return None
    return highest[0] - lowest[1] + 1


def _named(counted: Counted, smallest_group: int) -> tuple[str, ...]:
    # In a group no larger than the smallest one, "enough named it" would say that everybody did; with one person more,
    # it would say so to whoever did not.
    if counted.people < smallest_group + 2:
        return ()
    return tuple(sorted(code for code, people in counted.categories.items() if people >= smallest_group))


def _half(counted: Counted) -> bool:
    return 2 * counted.fresh >= counted.people


@dataclass
class _Mixed:
    """Rounded figures of groups, each as often as it has people; `helped` counts tenths of them."""

    people: int = 0
    saved: int = 0
    rework: int = 0
    helped: int = 0
    without_band: bool = False
    categories: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, cell: Cell, people: int) -> "_Mixed":
        return cls(
            people=people,
            saved=drawn(cell.saved) * people,
            rework=drawn(cell.rework) * people,
            # The middle of a band of 20 points.
            helped=(2 * (cell.helped or 0) + 1) * people,
            without_band=cell.helped is None,
            categories=set(cell.categories),
        )

    def merge(self, below: "_Mixed") -> None:
        self.people += below.people
        self.saved += below.saved
        self.rework += below.rework
        self.helped += below.helped
        self.without_band |= below.without_band
        self.categories |= below.categories

    def cell(self, whole: Counted) -> Cell:
        """The figures of all of it; of a single group they are those of its own cell."""
        return Cell(
            saved=step(self.saved, self.people),
            rework=step(self.rework, self.people),
            helped=None if self.without_band else band(self.helped, 10 * self.people),
            categories=tuple(sorted(self.categories)),
            half_reported=_half(whole),
        )
