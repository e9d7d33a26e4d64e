"""Isolation: whether sums and differences of all that is published, over all weeks, come down to a few persons.

Each figure is taken as if it were exact: a row with a one for each check-in that it adds up. A set S of persons is
isolated when some combination of the rows is not zero and touches no check-in but theirs; that is when the rank of the
matrix A is greater than the rank of A without the columns of S. Ranks are worked out modulo a prime, without rounding.

Why no S of fewer than four persons is isolated, whatever happens between weeks and seasons, when each part (a team less
the shown teams below it) has at least four check-ins that are new in its week: in any week the rows of what is shown
and the rows of the parts span the same space. For each part of each week choose a new check-in of somebody outside S,
which leaves at least one to choose. In these columns, with the weeks in order, the matrix of all parts is triangular,
with ones on its diagonal: a check-in stands in no week before its own, and in its own in one part only. So A without
S's columns has as many independent rows as there are parts, and A has no more. `fewest_new` is that number, counted in
the matrix: for what it finds, it answers for all S at once.

It also says which S can be isolated at all: one that holds all new check-ins of a part. Those are the `suspects`, whose
ranks are worked out, and where a part has more than three, sets of three among them. In small organisations the ranks
of all sets of up to three persons are worked out, one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tests.teams.proofs.seasons import Column

# The product of two remainders fits into 64 bits.
PRIME = 2_147_483_629
FEW = 3
# What is published, by week: whose check-ins of which week each figure adds up.
Rows = Mapping[int, Sequence[frozenset[Column]]]


def by_week(figures: Iterable[tuple[int, frozenset[Column]]]) -> Rows:
    """Figures that add up the same check-ins tell the same."""
    rows: dict[int, set[frozenset[Column]]] = defaultdict(set)
    for week, columns in figures:
        rows[week].add(columns)
    return {week: sorted(each, key=sorted) for week, each in rows.items()}


def parts(rows: Sequence[frozenset[Column]]) -> list[frozenset[Column]]:
    """What each figure of a week adds up less the figures below it; without those that nobody is left in."""
    found = [row.difference(*(below for below in rows if below < row)) for row in rows]
    return [part for part in found if part]


def fewest_new(rows: Rows) -> int:
    """The fewest persons with a new check-in that any part of any week has."""
    return min((len(each) for each in _new(rows)), default=FEW + 1)


def suspects(rows: Rows, of_each: int = 1) -> list[frozenset[int]]:
    """Sets of at most three persons that are the likeliest to be isolated, those of the fewest persons first."""
    found = dict.fromkeys(
        frozenset(few)
        for people in _new(rows)
        for few in list(combinations(sorted(people), min(FEW, len(people))))[:of_each]
    )
    return [each for each in found if each]


def _new(rows: Rows) -> list[frozenset[int]]:
    found = [frozenset(who for who, of in part if of == week) for week, each in rows.items() for part in parts(each)]
    return sorted(found, key=len)


class Attack:
    """All that was published, as one matrix; its columns are brought down to few by a random matrix, which can make a
    rank smaller but not greater: what is found not to be isolated is not."""

    def __init__(self, rows: Rows, seed: int = 0) -> None:
        figures = [row for week in sorted(rows) for row in rows[week]]
        columns = sorted(frozenset[Column]().union(*figures))
        random = np.random.default_rng(seed)
        self._hidden = random.integers(1, PRIME, (len(columns), len(figures)), dtype=np.int64)
        self._matrix = np.array([[column in row for column in columns] for row in figures], dtype=np.int64)
        self._whose = np.array([who for who, _ in columns])
        self.people = sorted(set(self._whose.tolist()))

    def isolated(self, sets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
        """Those of these sets of persons that some combination of what was published is about, and nobody else."""
        if not sets:
            return []
        whole = self._without(frozenset())
        (rank,) = ranks(whole[None])
        without = ranks(np.stack([self._without(each) for each in sets]))
        return [each for each, left in zip(sets, without, strict=True) if left < rank]

    def all_few(self) -> list[frozenset[int]]:
        """Every set of three persons: who is isolated in a smaller one is so in any that holds it."""
        return [frozenset(each) for each in combinations(self.people, FEW)]

    def _without(self, people: frozenset[int]) -> NDArray[np.int64]:
        kept = ~np.isin(self._whose, list(people))
        return self._matrix[:, kept] @ self._hidden[kept] % PRIME


def ranks(stack: NDArray[np.int64]) -> NDArray[np.int64]:
    """The ranks of matrices modulo the prime; `stack` is theirs, and is used up."""
    left, found, every = stack, np.zeros(len(stack), dtype=np.int64), np.arange(len(stack))
    rows = np.arange(stack.shape[1])
    for _ in range(stack.shape[2]):
        free = (left[:, :, 0] != 0) & (rows >= found[:, None])
        has = free.any(axis=1)
        at, pivot = np.where(has, found, 0), np.where(has, free.argmax(axis=1), 0)
        left[every, at], left[every, pivot] = left[every, pivot], left[every, at]
        row = left[every, at] * _inverse(left[every, at, 0])[:, None] % PRIME
        factor = np.where(has[:, None] & (rows > at[:, None]), left[:, :, 0], 0)
        left = (left[:, :, 1:] - factor[:, :, None] * row[:, None, 1:]) % PRIME
        found += has
    return found


def _inverse(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """By Fermat: to the power of the prime less two."""
    result, square, power = np.ones_like(values), values % PRIME, PRIME - 2
    while power:
        if power & 1:
            result = result * square % PRIME
        square, power = square * square % PRIME, power >> 1
    return result
