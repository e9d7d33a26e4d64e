"""The gates, over random organisations: what is shown is never about few people, or about one of them."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.teams.counting import Counted, Sum
from bot.teams.gates import FLOOR, FRESH, LARGE, Team, planned, shown
from bot.teams.hours import CLIP, clipped, step
from tests.teams.proofs.intervals import bound
from tests.teams.proofs.organisations import Answer, Kind, draw
from tests.teams.proofs.seasons import columns, one, opened, releases, reported

SEEDS = st.integers(0, 2**32)
LEVELS = st.sampled_from((2, 3))
HOURS = st.lists(st.integers(0, CLIP), min_size=1, max_size=12)


def told(hours: list[int]) -> bool:
    """Whether the second largest, from the published step and their own answer, knows the largest to within a fifth."""
    largest, second, *_ = [*sorted(hours, reverse=True), 0]
    published = bound(frozenset((who, 0) for who in range(len(hours))), step(sum(hours), len(hours)))
    most = min(published.high, CLIP * len(hours)) - second
    return most < 1.2 * largest - 1e-9


@settings(max_examples=400, deadline=None)
@given(hours=HOURS, cut=st.integers(0, 12))
@example(hours=[0, 0, 1, 6], cut=2)
@example(hours=[0, 0, 0, 6, 10], cut=0)
def test_dominance_is_the_rule_of_twenty_per_cent_however_the_sum_was_put_together(hours: list[int], cut: int) -> None:
    left, right = Sum(), Sum()
    for each in hours[:cut]:
        left.add(each, each)
    for each in hours[cut:]:
        right.add(each, each)
    left.add(right.total, right.largest, right.second)
    assert left.dominated(len(hours)) == told(hours)


@settings(max_examples=100, deadline=None)
@given(hours=st.floats(10, 10_000), others=st.lists(st.floats(0, 12), min_size=4, max_size=8))
def test_one_heavy_reporter_above_the_clip_changes_nothing(hours: float, others: list[float]) -> None:
    heavy, at_the_clip = Counted(), Counted()
    for counted, first in ((heavy, hours), (at_the_clip, 10.0)):
        for each in (first, *others):
            counted.take(one(Answer(clipped(each), clipped(each))))
    assert heavy == at_the_clip
    assert heavy.saved.largest <= CLIP


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, levels=LEVELS, seasons=st.sampled_from((1, 2)))
def test_whatever_is_shown_holds_enough_people_and_reports_and_so_does_each_difference(
    seed: int, levels: int, seasons: int
) -> None:
    organisation = draw(Kind(levels, seasons=seasons, restless=0.2), seed)
    for published in releases(organisation):
        for team, group in published.groups.items():
            agreed = max(organisation.people[who].smallest_group for who, _ in published.counted[team])
            least = max(agreed, organisation.smallest_group, FLOOR)
            for each in (group.whole, group.part) if group.part.people else (group.whole,):
                assert each.people >= least and each.fresh >= FRESH
            assert not group.whole.dominated
            assert not group.part.people or not group.part.dominated
            assert group.part.people == len(published.parts[team].columns if team in published.parts else ())


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, levels=LEVELS)
def test_what_is_shown_in_a_week_was_planned_for_the_season(seed: int, levels: int) -> None:
    organisation = draw(Kind(levels, restless=0.2), seed)
    may = {team.number for team in opened(organisation, 1).teams if team.planned}
    assert all(set(each.cells) <= may for each in releases(organisation))


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, levels=LEVELS, week=st.integers(0, 11), smallest=st.integers(0, 9))
def test_a_stricter_smallest_group_only_removes_and_none_below_the_floor_is_possible(
    seed: int, levels: int, week: int, smallest: int
) -> None:
    organisation = draw(Kind(levels), seed)
    season = opened(organisation, 1)
    own = dict[int, Counted]()
    for each in reported(organisation, columns(organisation, season, week), week):
        own.setdefault(each.team, Counted()).take(each)
    looser, stricter = shown(season.teams, own, smallest), shown(season.teams, own, smallest + 1)
    assert all(group.whole.people >= max(FLOOR, smallest) for group in looser.values())
    assert shown(season.teams, own, -5).keys() == shown(season.teams, own, FLOOR).keys()
    assert all(group.whole.people > smallest for group in stricter.values())


@settings(max_examples=60, deadline=None)
@given(people=st.integers(0, 60), below=st.integers(0, 60))
def test_a_team_is_planned_only_where_what_it_has_beside_the_teams_below_is_nobody_or_enough(
    people: int, below: int
) -> None:
    teams = [Team(0, None, "", people + below, FLOOR), Team(1, 0, "Payments", below, FLOOR)]
    may = planned(teams, {0: people, 1: below})
    assert (1 in may) == (below >= FLOOR)
    rest = people if 1 in may else people + below
    assert (0 in may) == (people + below >= FLOOR and (rest == 0 or rest >= FLOOR))


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, week=st.integers(1, 10))
def test_after_a_withdrawal_a_team_of_fewer_than_twenty_pauses_until_the_season_is_over(seed: int, week: int) -> None:
    organisation = draw(Kind(3, restless=0), seed)
    season = opened(organisation, 1)
    for person in list(season.places)[:5]:
        life = organisation.people[person]
        gone = organisation.with_life(person, type(life)(**{**vars(life), "opted_out": week}))
        held = set(organisation.chain(season.places[person]))
        small = {team.number for team in season.teams if team.number in held and team.size < LARGE}
        for published in releases(gone):
            if published.week >= week:
                assert not small & set(published.cells)
                assert all(who != person for each in published.counted.values() for who, _ in each)
