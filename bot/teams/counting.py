"""What is added up of a team in one week: sums and the two largest, never a list of people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.teams.hours import step, upper_edge


class Reported(NamedTuple):
    """The newest check-ins of people of one team, one or many: how many people gave which answer.

    `team` is the season's number of their team; `fresh` of the check-ins are of the released week. `saved` and `rework`
    say how many people reported so many clipped half hours; `helped`, how many named a code.
    """

    team: int
    people: int
    fresh: int
    saved: Mapping[int, int]
    rework: Mapping[int, int]
    helped: Mapping[str, int]


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

    def take(self, answers: Mapping[int, int]) -> None:
        """Add so many people for each number of half hours."""
        for hours, people in answers.items():
            if people:
                self.add(hours * people, hours, hours if people > 1 else 0)

    def dominated(self, people: int) -> bool:
        """The p-percent rule with p = 20, on what is published of these people: whoever knows the second largest would
        know of the largest that it is no more than a fifth above what it is.

        On the exact total the rule itself would tell: a group that is shown could not hold a single person who saved
        time, so that its lowest band would say that nobody did.
        """
        most = upper_edge(step(self.total, people), people) - 2 * self.second
        return 5 * most < 6 * 2 * self.largest


@dataclass
class Counted:
    """A group in one week. `people` count, of `size` when the season opened; `fresh` of them reported that week;
    `helped` of them saved time."""

    size: int = 0
    people: int = 0
    fresh: int = 0
    saved: Sum = field(default_factory=Sum)
    rework: Sum = field(default_factory=Sum)
    helped: int = 0
    categories: Counter[str] = field(default_factory=Counter)

    @property
    def dominated(self) -> bool:
        """Whether what would be published of these people, at least one, tells too much of one of them."""
        return self.saved.dominated(self.people) or self.rework.dominated(self.people)

    def take(self, more: Reported) -> None:
        """Add people of the team; raises `ValueError` where they gave answers that are not counted."""
        self.people += more.people
        self.fresh += more.fresh
        for mine, answers in ((self.saved, more.saved), (self.rework, more.rework)):
            if sum(answers.values()) != more.people:
                raise ValueError("somebody's answer is none of those that are counted")
            mine.take(answers)
        self.helped += sum(people for hours, people in more.saved.items() if hours > 0)
        self.categories.update(more.helped)

    def merge(self, below: "Counted") -> None:
        """Add a team below this one."""
        self.size += below.size
        self.people += below.people
        self.fresh += below.fresh
        for mine, other in ((self.saved, below.saved), (self.rework, below.rework)):
            mine.add(other.total, other.largest, other.second)
        self.helped += below.helped
        self.categories.update(below.categories)


def by_team(reports: Iterable[Reported]) -> dict[int, Counted]:
    """Those who stand in each team itself, by its number."""
    counted: dict[int, Counted] = {}
    for some in reports:
        if (team := counted.get(some.team)) is None:
            team = counted[some.team] = Counted()
        team.take(some)
    return counted
