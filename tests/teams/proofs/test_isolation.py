"""Nobody is isolated: no sums or differences of all that is published come down to fewer than four persons."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.teams.proofs.isolation import FEW, Attack, Rows, by_week, fewest_new, suspects
from tests.teams.proofs.naive import naive
from tests.teams.proofs.organisations import Kind, Organisation, draw
from tests.teams.proofs.seasons import releases

SEEDS = st.integers(0, 2**32)


def published(organisation: Organisation) -> Rows:
    return by_week((each.week, columns) for each in releases(organisation) for columns in each.counted.values())


def published_naively(organisation: Organisation) -> Rows:
    """Of one week: the naive release needs no more to be broken."""
    rows = by_week((each.week, each.columns) for each in naive(organisation))
    worst = min(rows, key=lambda week: fewest_new({week: rows[week]}))
    return {worst: rows[worst]}


def attack(rows: Rows, most: int) -> list[frozenset[int]]:
    return Attack(rows).isolated(suspects(rows)[:most]) if rows else []


@settings(max_examples=300, deadline=None)
@given(seed=SEEDS, levels=st.sampled_from((2, 3)), seasons=st.sampled_from((1, 1, 3)), restless=st.floats(0, 0.3))
def test_in_300_organisations_nobody_is_isolated_and_the_naive_release_isolates_somebody_in_each(
    seed: int, levels: int, seasons: int, restless: float
) -> None:
    organisation = draw(Kind(levels, seasons=seasons, restless=restless), seed)
    rows = published(organisation)
    assert fewest_new(rows) > FEW
    assert not attack(rows, most=4)
    assert attack(published_naively(organisation), most=4)


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS, levels=st.sampled_from((2, 3)))
def test_in_a_small_organisation_no_set_at_all_of_up_to_three_persons_is_isolated(seed: int, levels: int) -> None:
    kind = Kind(levels, lowest=(4, 5), upper=(0, 0, 4), restless=0.1, smallest_groups=(4,), attendance=(0.98, 0.95))
    rows = published(draw(kind, seed))
    if rows:
        found = Attack(rows)
        assert not found.isolated(found.all_few())


def test_without_the_rule_of_atoms_the_difference_of_two_teams_isolates_the_rest() -> None:
    below = frozenset((who, 0) for who in range(5))
    above = below | {(5, 0), (6, 0), (7, 0)}
    rows = {0: [below, above]}
    assert fewest_new(rows) == FEW
    assert attack(rows, most=1) == [frozenset({5, 6, 7})]


def test_without_four_new_check_ins_two_weeks_together_isolate_whoever_reported_in_between() -> None:
    team = frozenset((who, 0) for who in range(8))
    later = frozenset((who, 0) for who in range(7)) | {(7, 1)}
    assert Attack({0: [team], 1: [later]}).isolated([frozenset({7}), frozenset({6})]) == [frozenset({7})]


def test_of_four_new_check_ins_the_difference_of_two_weeks_is_about_all_four() -> None:
    team = frozenset((who, 0) for who in range(8))
    later = frozenset((who, 0) for who in range(4)) | {(who, 1) for who in range(4, 8)}
    found = Attack({0: [team], 1: [later]})
    assert found.isolated([frozenset(range(4, 8))]) == [frozenset(range(4, 8))]
    assert not found.isolated(found.all_few())
