"""Somebody who knows exactly how many of each group answered, and how many of them do not know, reads the results.

They go through every way in which the rest can have answered, and keep those that lead to what is published: what all
of these have in common is known to them. Nothing here uses how bands are made or what is withheld.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from itertools import product

from bot.pulse.banding import Publishable, publishable
from bot.pulse.questions import Question
from bot.pulse.tallying import Counted, Segment

QUESTION = Question(id="own:1", kind="own", text="Is it so?")


@dataclass(frozen=True)
class Group:
    """Who answered: so many with an opinion, and so many who do not know."""

    opinions: int
    unsure: int = 0


Publish = Callable[[Counted], Hashable]


def counted(leaders: Group, others: Group, agree: tuple[int, int]) -> Counted:
    """The counts of one question where so many leaders and so many others agree."""
    by: dict[tuple[str, Segment], Counter[str]] = {}
    everyone: Counter[str] = Counter()
    segments: tuple[tuple[Segment, Group, int], ...] = (("leaders", leaders, agree[0]), ("others", others, agree[1]))
    for segment, group, yes in segments:
        options = Counter({"5": yes, "2": group.opinions - yes, "0": group.unsure})
        everyone += options
        by[QUESTION.id, segment] = +options
    by[QUESTION.id, "everyone"] = everyone
    return Counted(ballots=everyone.total(), by_question=by)


def ours(smallest: int = 5) -> Publish:
    """What we publish, cell by cell."""
    return lambda counts: publishable([QUESTION], counts, smallest, 10).cells


def learned(publish: Publish, leaders: Group, others: Group) -> Mapping[Hashable, set[str]]:
    """By what is published: what whoever reads it knows for certain that is about all, or none, of a group."""
    worlds: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for agree in product(range(leaders.opinions + 1), range(others.opinions + 1)):
        worlds[publish(counted(leaders, others, agree))].append(agree)
    return {shown: certain for shown, agree in worlds.items() if (certain := _certain(agree, leaders, others))}


def _certain(worlds: list[tuple[int, int]], leaders: Group, others: Group) -> set[str]:
    sizes = {"leaders": leaders.opinions, "others": others.opinions, "everyone": leaders.opinions + others.opinions}
    found = set()
    for name, size in sizes.items():
        seen = {{"leaders": one, "others": other, "everyone": one + other}[name] for one, other in worlds}
        if size and seen == {0}:
            found.add(f"none of {name}")
        if size and seen == {size}:
            found.add(f"all of {name}")
    return found


def cells_of(found: Publishable) -> dict[Segment, tuple[int | None, int | None]]:
    """(share, unsure) by segment."""
    return {cell.segment: (cell.share, cell.unsure) for cell in found.cells}
