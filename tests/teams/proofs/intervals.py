"""The interval audit: what linear programming can say of one person's hours, from all that was published.

Whoever attacks knows the rules, who counts in which team and who reported in which week, and is given even more than
what is published: the rounded figure of each part by itself (`Part`), of which the teams above are put together. The
unknowns are the half hours of each check-in; each figure bounds a sum of them from below and from above.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from bot.teams.cells import Cell
from bot.teams.hours import CAP, LESS_THAN_AN_HOUR, ONE_HOUR
from tests.teams.proofs.seasons import Column

# Half hours.
WIDE = 8
# In half hours: what rounding in floating point may take away.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Bound:
    """A sum of check-ins lies between these half hours."""

    columns: frozenset[Column]
    low: float
    high: float


def bound(columns: frozenset[Column], step: int) -> Bound:
    """What a published step says: the mean lies at or above its low edge, and below its high one."""
    low = {LESS_THAN_AN_HOUR: 0.0, ONE_HOUR: float(ONE_HOUR)}.get(step, step - 0.5)
    high = {LESS_THAN_AN_HOUR: float(ONE_HOUR), CAP: float("inf")}.get(step, step + 0.5)
    return Bound(columns, low * len(columns), high * len(columns))


@dataclass
class Audit:
    """How far apart two answers of each check-in can lie, both in accord with all that is published."""

    bounds: list[Bound]
    largest: int
    columns: list[Column] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = sorted(frozenset[Column]().union(*(each.columns for each in self.bounds)))
        self._place = {column: n for n, column in enumerate(self.columns)}
        finite = [each for each in self.bounds if each.high < float("inf")]
        self._limits = np.array([each.high for each in finite] + [-each.low for each in self.bounds])
        self._rows = self._matrix([(each, 1) for each in finite] + [(each, -1) for each in self.bounds])

    def _matrix(self, signed: list[tuple[Bound, int]]) -> csr_array:
        places = [(row, self._place[c], sign) for row, (each, sign) in enumerate(signed) for c in each.columns]
        rows, columns, values = np.array(places).reshape(-1, 3).T
        return csr_array((values, (rows, columns)), shape=(len(signed), len(self.columns)))

    def widths(self) -> dict[Column, float]:
        """By check-in, half hours; of those that are wide enough at least as much as is needed.

        Each solution is a possible world, so one of them widens the interval of many: only what stays narrow after a
        few common ones is asked one by one.
        """
        if not self.columns:
            return {}
        low, high = np.full(len(self.columns), np.inf), np.full(len(self.columns), -np.inf)

        def ask(weights: NDArray[np.float64]) -> None:
            for sign in (1, -1):
                answer = self._solve(sign * weights)
                np.minimum(low, answer, out=low)
                np.maximum(high, answer, out=high)

        narrow = np.ones(len(self.columns), dtype=bool)
        for turn in range(6):
            ask(np.where(narrow, 1 + np.arange(len(narrow)) * 7919 % (5 + turn), 0.0))
            narrow = high - low < WIDE - TOLERANCE
            if not narrow.any():
                break
        for place in np.flatnonzero(narrow):
            ask(np.eye(1, len(narrow), int(place))[0])
        return dict(zip(self.columns, (high - low).tolist(), strict=True))

    def _solve(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        found: Any = linprog(weights, A_ub=self._rows, b_ub=self._limits, bounds=(0, self.largest), method="highs")
        assert found.status == 0, found.message
        answer: NDArray[np.float64] = found.x
        return answer


def of_cells(figures: Iterable[tuple[frozenset[Column], Cell]], figure: Callable[[Cell], int]) -> list[Bound]:
    return [bound(columns, figure(cell)) for columns, cell in figures]
