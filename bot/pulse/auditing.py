"""What bands say together: of two groups and of both as one, may it be concluded that all, or none, answered one way?

A band alone never says it, but three bands that hang together can: where both groups together have few who agree and
one of them has many, the other may be left with none. What would say it is withheld, and where that alone would say it
again, so is what lies next to it: whoever knows these rules and the sizes of the groups cannot conclude it from
a missing line either. All of this is arithmetic on bounds, so a hundred thousand ballots take no longer than ten.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.pulse.bands import BANDS, band, span

Span = tuple[int, int]
# The bands of two groups.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """So many of a group's `size` answered one way."""

    count: int
    size: int

    @property
    def band(self) -> int:
        """The band of the share."""
        return band(self.count, self.size)


@dataclass(frozen=True)
class Bounds:
    """The fewest and the most who can have answered so: of one group, of the other, and of both together."""

    one: Span
    other: Span
    both: Span


def tells_all_or_none(one: Part, other: Part) -> bool:
    """Whether the bands of two groups are withheld beside the band of both; each group has at least five people."""
    both = Part(one.count + other.count, one.size + other.size)
    return (one.band, other.band) in withheld(one.size, other.size, both.band)


def withheld(one: int, other: int, both: int) -> frozenset[Pair]:
    """The pairs of bands that are not shown for groups of these sizes when `both` is the band of all of them."""
    possible = dict(_possible(one, other, both))
    sizes = (one, other, one + other)
    telling = {pair: bounds for pair, bounds in possible.items() if _forced([bounds], sizes)}
    if not telling or not _forced(list(telling.values()), sizes):
        return frozenset(telling)
    # One pair that tells nothing is enough: in it nobody is known to be without an answer of the other kind.
    beside = sorted(possible.keys() - telling.keys(), key=lambda pair: (_distance(pair, telling), pair))
    return frozenset([*telling, *beside[:1]])


def _distance(pair: Pair, others: Iterable[Pair]) -> int:
    """How many bands lie between a pair and the nearest of others."""
    return min(abs(pair[0] - one) + abs(pair[1] - other) for one, other in others)


def _possible(one: int, other: int, both: int) -> Iterator[tuple[Pair, Bounds]]:
    """Each pair of bands that can be, with what it leaves possible."""
    for first in range(BANDS):
        for second in range(BANDS):
            bounds = _bounds(span(first, one), span(second, other), span(both, one + other))
            if bounds is not None:
                yield (first, second), bounds


def _bounds(one: Span | None, other: Span | None, both: Span | None) -> Bounds | None:
    """What is left of three ranges, the third of which is of the sum; None where they exclude each other."""
    if one is None or other is None or both is None:
        return None
    if one[0] + other[0] > both[1] or one[1] + other[1] < both[0]:
        return None
    return Bounds(
        (max(one[0], both[0] - other[1]), min(one[1], both[1] - other[0])),
        (max(other[0], both[0] - one[1]), min(other[1], both[1] - one[0])),
        (max(both[0], one[0] + other[0]), min(both[1], one[1] + other[1])),
    )


def _forced(all_bounds: Sequence[Bounds], sizes: tuple[int, int, int]) -> bool:
    """Whether, whichever of these it is, nobody of a group answered so, or everybody did."""
    columns = zip(*((bounds.one, bounds.other, bounds.both) for bounds in all_bounds), strict=True)
    return any(
        max(most for _, most in column) == 0 or min(fewest for fewest, _ in column) == size
        for column, size in zip(columns, sizes, strict=True)
    )
