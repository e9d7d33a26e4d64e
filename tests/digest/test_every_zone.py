"""One digest per person and local ISO week, in every zone there is, for two years, at every kind of hour."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from bot.digest.turns import Turn, Turns
from bot.weeks import iso_week, local_day, next_slot
from storage.preferences import FARTHEST
from tests.digest.zone_rules import FIRST, LAST, WEEKS, Change, changes, first_showing, rule_sets, wall_times

TIMES = (time(0), time(0, 30), time(1, 30), time(2, 30), time(9))
# Clocks change on Sundays nearly everywhere; Monday is the default.
DAYS = (6, 0)
SEED = 20261123
# How late a tick may come: at once, within the ten seconds between two, or after a restart.
LATENESS = (timedelta(0), timedelta(seconds=10), timedelta(hours=1))
EVERY_WEEK = [iso_week((FIRST + timedelta(weeks=week)).date()) for week in range(WEEKS)]


def ticking(tz: str, weekday: int, at: time, chance: Random) -> Iterator[tuple[datetime, Turn]]:
    """(the moment of the tick, what it plans), as the ticker goes from one due time to the next."""
    due = next_slot(FIRST - timedelta(days=2), weekday, at, tz)
    while due < LAST + timedelta(days=2):
        now = due + chance.random() * chance.choice(LATENESS)
        turn = Turns(now).of(tz, weekday, at)
        if turn.has_come(now, tz, due, anew=False):
            yield now, turn
        assert now < turn.following <= now + FARTHEST
        due = turn.following


def weeks_of(turns: list[Turn]) -> list[str]:
    """The weeks planned, of those that lie wholly within the time looked at."""
    return [turn.week for turn in turns if turn.week in set(EVERY_WEEK)]


def check(rules: tuple[Change, ...], tz: str, weekday: int, at: time, chance: Random) -> None:
    ticks = list(ticking(tz, weekday, at, chance))
    assert weeks_of([turn for _, turn in ticks]) == EVERY_WEEK, (tz, weekday, at)
    for now, turn in ticks:
        assert turn.week == iso_week(local_day(now, tz))
        year, week = turn.week.split("-W")
        day = date.fromisocalendar(int(year), int(week), weekday + 1)
        assert turn.slot == first_showing(rules, datetime.combine(day, at)), (tz, weekday, at, day)


@pytest.mark.parametrize("weekday", DAYS)
def test_every_zone_brings_one_digest_a_week_at_the_chosen_time_for_two_years(weekday: int) -> None:
    chance = Random(SEED)
    for rules, tz in rule_sets().items():
        for at in TIMES:
            check(rules, tz, weekday, at, chance)


def test_also_at_the_very_times_at_which_a_zones_clocks_change() -> None:
    chance = Random(SEED)
    looked_at = 0
    for rules, tz in rule_sets().items():
        for weekday, at in sorted(wall_times(rules)):
            check(rules, tz, weekday, at, chance)
            looked_at += 1
    assert looked_at > 50


def test_whenever_it_is_worked_out_anew_it_is_the_same_digest() -> None:
    """A zone that is set again, however often and whenever, plans nothing but the one message of each week."""
    chance = Random(SEED)
    for tz in rule_sets().values():
        for weekday in DAYS:
            planned: dict[str, datetime] = {}
            now = FIRST
            while now < LAST + timedelta(days=1):
                turn = Turns(now).of(tz, weekday, time(0, 30))
                if turn.has_come(now, tz, FIRST - timedelta(weeks=1), anew=True):
                    assert planned.setdefault(turn.week, turn.slot) == turn.slot
                assert now < turn.following
                now += timedelta(hours=chance.uniform(1, 20))
            assert set(EVERY_WEEK) <= set(planned), tz


def travelling(chance: Random) -> list[Turn]:
    """What is planned for somebody who moves to any other zone every few days, wherever midnight is just then."""
    names = sorted(rule_sets().values())
    now, tz, planned = FIRST, "UTC", dict[str, Turn]()
    due = next_slot(now - timedelta(days=7), 0, time(9), tz)
    while now < LAST + timedelta(days=2):
        leaves = now + timedelta(hours=chance.uniform(1, 240))
        anew = leaves < due
        tz = chance.choice(names) if anew else tz
        now = max(now, leaves if anew else due) + timedelta(seconds=10)
        turn = Turns(now).of(tz, 0, time(9))
        if turn.has_come(now, tz, FIRST - timedelta(weeks=2) if anew else due, anew=anew):
            planned.setdefault(turn.week, turn)
        due = turn.following
    return list(planned.values())


def test_whoever_travels_all_the_time_still_gets_one_a_week() -> None:
    chance = Random(SEED)
    for _ in range(200):
        assert weeks_of(travelling(chance)) == EVERY_WEEK


def test_rules_that_change_between_two_digests_do_not_cost_one() -> None:
    """The tz database is updated a few times a year: what was due at ten by the old rules is due at nine by the new."""
    slot = datetime(2026, 11, 23, 8, tzinfo=UTC)
    by_old_rules = slot + timedelta(hours=1)
    turn = Turns(by_old_rules).of("Europe/Madrid", 0, time(9))
    assert turn.slot == slot
    assert turn.has_come(by_old_rules, "Europe/Madrid", by_old_rules, anew=False)


def test_whoever_opted_in_after_this_weeks_time_waits_for_the_next() -> None:
    slot = datetime(2026, 11, 23, 8, tzinfo=UTC)
    later = slot + timedelta(hours=1)
    turn = Turns(later).of("Europe/Madrid", 0, time(9))
    assert not turn.has_come(later, "Europe/Madrid", later, anew=True)
    assert turn.has_come(later, "Europe/Madrid", slot, anew=True)


def test_the_rule_sets_are_those_of_every_zone_and_tell_clock_changes_apart() -> None:
    changing = [name for rules, name in rule_sets().items() if len(rules) > 1]
    assert len(rule_sets()) > 50
    assert len(changing) > 25
    # Half an hour of summer time, at two o'clock local time.
    [(_, winter), (spring, summer)] = list(changes("Australia/Lord_Howe"))[-2:]
    assert {winter, summer} == {timedelta(hours=10, minutes=30), timedelta(hours=11)}
    assert (spring + winter).time() == time(2)
