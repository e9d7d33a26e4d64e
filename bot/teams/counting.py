"""What is added up of a team in one week: sums and the two largest, never a list of people."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Reported(NamedTuple):
    """One person's newest check-in, as it counts. `team` is the season's number of their team; `fresh`: whether it is
    of the released week. Hours are clipped half hours."""

    team: int
    fresh: bool
    saved: int
    rework: int
    helped: tuple[str, ...]


@dataclass
class Sum:
    """Half hours of a group: the total, and the two largest that are in it."""

    total: int = 0
    largest: int = 0
    second: int = 0

    def add(self, total: int, largest: int, second: int = 0) -> None:
        self.total += total
        if largest > self.largest:
            self.largest, self.second = largest, max(self.largest, second)
        elif largest > self.second:
            self.second = largest

    @property
    def dominated(self) -> bool:
        """The p-percent rule with p = 20: whoever knows the second largest could tell the largest to within a fifth."""
        return 5 * (self.total - self.largest - self.second) < self.largest


@dataclass
class Counted:
    """A group in one week. `people` count; `fresh` of them reported that week; `helped` of them saved time."""

    people: int = 0
    fresh: int = 0
    saved: Sum = field(default_factory=Sum)
    rework: Sum = field(default_factory=Sum)
    helped: int = 0
    categories: Counter[str] = field(default_factory=Counter)

    def take(self, one: Reported) -> None:
        """Add one person."""
        self.people += 1
        self.fresh += one.fresh
        self.saved.add(one.saved, one.saved)
        self.rework.add(one.rework, one.rework)
        self.helped += one.saved > 0
        self.categories.update(one.helped)

    def merge(self, below: "Counted") -> None:
        """Add a team below this one."""
        self.people += below.people
        self.fresh += below.fresh
        for mine, other in ((self.saved, below.saved), (self.rework, below.rework)):
            mine.add(other.total, other.largest, other.second)
        self.helped += below.helped
        self.categories.update(below.categories)


def by_team(reports: Iterable[Reported]) -> dict[int, Counted]:
    """Those who stand in each team itself, by its number; reads each report once and keeps none."""
    counted: dict[int, Counted] = {}
    for one in reports:
        if (team := counted.get(one.team)) is None:
            team = counted[one.team] = Counted()
        team.take(one)
    return counted
