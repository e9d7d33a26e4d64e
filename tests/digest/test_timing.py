"""When the digest comes, and that the screen says what will happen."""

import copy
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.weeks import at_local, iso_week, local_day, next_decent_time, next_slot, week_slot, zone
from storage import people, preferences
from tests.candor import START, Candor

MONDAY = START + timedelta(days=5)
ZONES = st.sampled_from(sorted(available_timezones()))
MOMENTS = st.integers(0, 6 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(ZONES, st.integers(0, 6), st.integers(0, 23), MOMENTS)
def test_the_next_slot_is_ahead_within_a_week_and_on_the_chosen_day(
    tz: str, day: int, hour: int, now: datetime
) -> None:
    slot = next_slot(now, day, time(hour), tz)
    assert now < slot <= now + timedelta(days=7, hours=3)
    local = slot.astimezone(zone(tz))
    # A clock change may skip the very hour: then the digest comes with the first one after it.
    assert (local - timedelta(hours=3)).weekday() == day or local.weekday() == day


@given(ZONES, st.integers(0, 23), MOMENTS)
def test_what_waits_for_a_decent_hour_waits_less_than_a_day_and_then_it_is_one(
    tz: str, hour: int, now: datetime
) -> None:
    later = next_decent_time(now, hour, tz)
    if later is not None:
        assert now < later <= now + timedelta(hours=27)
        assert later == at_local(local_day(later, tz), time(hour), tz)


@pytest.mark.parametrize(("local", "decent"), [(22, False), (23, True), (0, True), (1, True), (2, False), (12, False)])
def test_a_window_that_begins_at_23_reaches_into_the_next_day(local: int, decent: bool) -> None:
    now = datetime(2026, 11, 24, local, 30, tzinfo=UTC)
    assert (next_decent_time(now, 23, "UTC") is None) is decent


def test_the_iso_week_53_is_a_week_of_its_own() -> None:
    assert iso_week(date(2026, 12, 31)) == "2026-W53"
    assert iso_week(date(2027, 1, 3)) == "2026-W53"
    assert iso_week(date(2027, 1, 4)) == "2027-W01"
    assert week_slot(date(2027, 1, 1), 0, time(9), "UTC") == datetime(2026, 12, 28, 9, tzinfo=UTC)


def home(candor: Candor) -> str:
    candor.sandbox.user("U01").open_home()
    return str(candor.sandbox.workspace.home("U01"))


def opted_in(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")


def test_after_skipping_the_screen_names_the_one_that_comes(candor: Candor) -> None:
    opted_in(candor)
    candor.sandbox.user("U01").press("digest.skip", view=candor.sandbox.workspace.home("U01"))
    assert "The next one: Mon 30 Nov" in home(candor)


def test_another_day_chosen_after_this_weeks_message_begins_next_week(candor: Candor) -> None:
    opted_in(candor)
    candor.tick_at(MONDAY)
    user = candor.sandbox.user("U01")
    user.press("digest.settings", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit(values={"weekday": "4", "hour": "15", "figures": "dm", "paused": "no"})
    assert "The next one: Fri 4 Dec" in home(candor)
    candor.tick_at(MONDAY + timedelta(days=11, hours=6))
    assert len(candor.digests("U01")) == 2


def test_a_day_that_was_never_offered_is_refused(candor: Candor) -> None:
    opted_in(candor)
    user = candor.sandbox.user("U01")
    user.press("digest.settings", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit(values={"weekday": "4", "hour": "15", "figures": "dm", "paused": "no"})
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["view"]["state"]["values"]["weekday"]["weekday"]["selected_option"]["value"] = "9"
    ack = candor.sandbox.send_raw(payload, "interactive")
    assert "not one of those offered" in str(ack.response)
    with candor.sessions.begin() as session:
        preference = preferences.get(session, "U01")
    assert preference is not None
    assert preference.weekday == 4


def test_after_three_weeks_of_standstill_one_message_comes_and_not_three(candor: Candor) -> None:
    opted_in(candor)
    with candor.sessions.begin() as session:
        people.stop_workspace(session, "app uninstalled", candor.clock())
    for weeks in range(3):
        candor.tick_at(MONDAY + timedelta(weeks=weeks))
    candor.check_in("U01")
    with candor.sessions.begin() as session:
        people.resume_workspace(session, candor.services.workspace_id)
    candor.tick_at(MONDAY + timedelta(weeks=2, hours=1))
    assert len(candor.digests("U01")) == 1


def test_figures_put_into_a_message_later_are_deleted_with_it(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", private=True)
    candor.check_in("U01")
    candor.tick_at(MONDAY)
    user = candor.sandbox.user("U01")
    user.press("digest.settings", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit(values={"weekday": "0", "hour": "9", "figures": "dm", "paused": "no"})
    candor.check_in("U01", note="mark-of-u01")
    assert "mark-of-u01" in str(candor.digests("U01")[0].blocks)
    user.say("stop")
    user.press("held.erase_now")
    assert candor.digests("U01") == []


def test_a_clock_that_ran_a_year_ahead_and_was_set_right_does_not_silence_anybody(candor: Candor) -> None:
    opted_in(candor)
    with candor.sessions.begin() as session:
        preference = preferences.get(session, "U01")
        assert preference is not None
        preference.next_due = START + timedelta(days=400)
    candor.tick()
    candor.tick_at(MONDAY)
    assert len(candor.digests("U01")) == 1
