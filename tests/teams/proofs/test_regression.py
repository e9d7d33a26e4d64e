"""52 weeks of published means, laid against attendance: what they tell of a person's usual hours."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from statistics import fmean

from tests.teams.proofs.organisations import Organisation
from tests.teams.proofs.regression import TRUST, Equation, a_team, published, published_naively, success

SEEDS = range(50)
Release = Callable[[Organisation], Sequence[Equation]]


@cache
def teams(changing: float) -> list[tuple[Organisation, Mapping[int, float]]]:
    return [a_team(seed, changing) for seed in SEEDS]


def prior(changing: float) -> float:
    return fmean(success([], told, 0) for _, told in teams(changing))


def best(release: Release, changing: float) -> float:
    """The mean success over all teams, with the trust that serves the attacker best."""
    attacked = [(release(team), told) for team, told in teams(changing)]
    return max(fmean(success(equations, told, trust) for equations, told in attacked) for trust in TRUST)


def test_over_a_year_the_same_team_is_told_no_better_than_a_tenth_above_the_prior() -> None:
    assert best(published, changing=0) <= prior(0) + 0.10


def test_over_a_year_the_naive_release_tells_nine_of_ten_persons_to_within_an_hour() -> None:
    assert best(published_naively, changing=0) >= 0.9


def test_who_comes_or_goes_between_seasons_can_be_guessed_somewhat_better_and_far_worse_than_naively() -> None:
    """A limit, and told as one: who knows that one person joined can compare the season before with the one after. Of
    teams a quarter of whom join and a quarter of whom leave in the year, all are told at most this much better."""
    assert best(published, changing=0.25) <= prior(0.25) + 0.20
    assert best(published_naively, changing=0.25) >= best(published, changing=0.25) + 0.25
