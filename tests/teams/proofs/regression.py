"""The regression attacker: 52 weeks of published means, laid against who reported in which week.

They know who belongs to the team, who reported when, how hours are spread among people (the prior), and that a person's
hours are much alike from week to week. Each published mean is an equation in the persons' usual hours; ridge regression
towards the prior solves all of them together. They succeed with a person whose usual hours they tell to within one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.teams.hours import COUNTED_SAVED
from tests.teams.proofs.naive import naive
from tests.teams.proofs.organisations import BEFORE, Answer, Life, Organisation
from tests.teams.proofs.seasons import Column, releases

SEASONS, YEAR = 5, 52
# Half hours.
WITHIN = 2.0
LARGEST = 10
# How much a published mean is trusted against the prior: all are tried, and the one that serves best is counted.
TRUST = (0.1, 1.0, 10.0, 100.0, 1000.0)


@dataclass(frozen=True)
class Equation:
    """A mean of these check-ins, in half hours."""

    columns: frozenset[Column]
    mean: float


def a_team(seed: int, changing: float) -> tuple[Organisation, dict[int, float]]:
    """Six to twelve people with usual hours of their own, and the mean half hours that each reported in the year.

    `changing` is the share of them who join in the first half of the year, and the share who leave in the second.
    """
    random = Random(seed)
    usual = {who: random.uniform(0, LARGEST) for who in range(random.randint(6, 12))}
    people = {who: _life(random, hours, changing) for who, hours in usual.items()}
    told = {who: fmean(each.saved for each in people[who].answers.values()) for who in usual}
    return Organisation((None, 0), people, SEASONS), told


def _life(random: Random, usual: float, changing: float) -> Life:
    joined = random.randrange(1, YEAR // 2) if random.random() < changing else -BEFORE
    left = random.randrange(YEAR // 2, YEAR) if random.random() < changing else YEAR
    answers = {
        week: Answer(_nearest(random.gauss(usual, 1)), 0) for week in range(joined, left) if random.random() < 0.8
    }
    return Life({-BEFORE: 1}, answers, opted_in=joined, left=left)


def _nearest(hours: float) -> int:
    return min(COUNTED_SAVED.values(), key=lambda answer: abs(answer - hours))


def published(organisation: Organisation) -> list[Equation]:
    """What the product says in a year, each step taken for the middle of what it stands for."""
    return [
        Equation(columns, {0: 1.0, 8: 8.75}.get(each.cells[team].saved, float(each.cells[team].saved)))
        for each in releases(organisation)
        if each.week < YEAR
        for team, columns in each.counted.items()
    ]


def published_naively(organisation: Organisation) -> list[Equation]:
    """The exact mean of those who reported, each week of a year."""
    found = naive(organisation, everybody=True)
    return [Equation(each.columns, float(each.mean)) for each in found if each.week < YEAR]


def success(equations: Sequence[Equation], told: Mapping[int, float], trust: float) -> float:
    """The share of persons whose usual half hours come out to within an hour; `trust` 0 is the prior alone."""
    prior = LARGEST / 2
    counts = [Counter(who for who, _ in each.columns) for each in equations]
    rows = np.array([[each[who] / each.total() for who in told] for each in counts]).reshape(-1, len(told))
    means = np.array([each.mean for each in equations])
    guessed = prior + _ridge(rows, means - rows.sum(axis=1) * prior, trust)
    return fmean(abs(guess - hours) <= WITHIN for guess, hours in zip(guessed, told.values(), strict=True))


def _ridge(rows: NDArray[np.float64], values: NDArray[np.float64], trust: float) -> NDArray[np.floating[Any]]:
    return np.linalg.solve(trust * rows.T @ rows + np.eye(rows.shape[1]), trust * rows.T @ values)
