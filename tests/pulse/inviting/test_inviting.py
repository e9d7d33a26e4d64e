"""One invitation to each person and pulse, and one reminder to everybody: at a decent hour, and never twice."""

from datetime import UTC, datetime, timedelta

from bot.pulse.inviting import planning
from bot.pulse.opening import LENGTH
from bot.sandbox.faults import Fault
from storage import people
from tests.candor import HR, Candor
from tests.pulse.inviting.acts import join, outcomes, person, reminders, told
from tests.pulse.world import begin, finish, keys_away, ticked_without_keys, vote

# 10:00 in Madrid, the hour of the policy for invitations, on the Thursday after the tests begin.
THURSDAY = datetime(2026, 11, 19, 9, tzinfo=UTC)
# 10:00 in New York, on the Wednesday on which they begin.
WEDNESDAY = datetime(2026, 11, 18, 15, tzinfo=UTC)
# The reminder's time is Sunday at 00:00 UTC, so that it comes on this Monday at 10:00 in Madrid.
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_everybody_is_invited_opted_in_or_not_at_the_local_hour_of_the_policy(candor: Candor) -> None:
    join(candor, "U01", "U02")
    join(candor, "U03", tz="America/New_York")
    candor.opt_in("U01")
    begin(candor)
    candor.tick()
    for moment, invited in (
        (WEDNESDAY - 2 * MINUTE, []),
        (WEDNESDAY, ["U03"]),
        (THURSDAY - 2 * MINUTE, ["U03"]),
        (THURSDAY, ["U01", "U02", "U03"]),
    ):
        candor.tick_at(moment)
        assert [user for user in ("U01", "U02", "U03") if told(candor, user)] == invited


def test_over_a_whole_wave_everybody_gets_one_invitation_and_one_reminder_whether_or_not_they_answered(
    candor: Candor,
) -> None:
    join(candor, "U01", "U02")
    wave = begin(candor)
    moment = candor.clock()
    while moment < wave.closes_at + DAY:
        candor.tick_at(moment)
        if moment == THURSDAY + timedelta(hours=1):
            vote(candor, wave, "U01")
        moment += timedelta(hours=1)
    first, second = (told(candor, user) for user in ("U01", "U02"))
    assert [len(told(candor, user)) for user in ("U01", "U02", HR)] == [2, 2, 0]
    assert [message.text for message in first] == [message.text for message in second]
    assert [len(reminders(candor, user)) for user in ("U01", "U02")] == [1, 1]


def test_a_reminder_comes_on_a_weekday_and_not_before_its_time(candor: Candor) -> None:
    join(candor, "U01")
    begin(candor)
    candor.tick()
    candor.tick_at(THURSDAY)
    for moment in (THURSDAY + DAY, THURSDAY + 2 * DAY, THURSDAY + 3 * DAY, MONDAY - 2 * MINUTE):
        candor.tick_at(moment)
        assert not reminders(candor, "U01")
    candor.tick_at(MONDAY)
    assert len(reminders(candor, "U01")) == 1


def test_planning_keeps_what_was_planned_and_the_same_of_those_who_answered(candor: Candor) -> None:
    join(candor, "U01", "U02")
    wave = begin(candor)
    vote(candor, wave, "U01")
    candor.tick()
    assert [(person(candor, user).invited, person(candor, user).reminded) for user in ("U01", "U02")] == [(1, 0)] * 2
    candor.tick_at(MONDAY - timedelta(hours=9))
    assert [(person(candor, user).invited, person(candor, user).reminded) for user in ("U01", "U02")] == [(1, 1)] * 2


def test_whoever_joins_while_the_wave_is_open_is_invited_too_and_not_reminded_at_once(candor: Candor) -> None:
    join(candor, "U01")
    begin(candor)
    candor.tick()
    candor.tick_at(THURSDAY)
    join(candor, "U02")
    candor.tick()
    candor.tick_at(THURSDAY + DAY)
    assert len(told(candor, "U02")) == 1
    candor.clock.now = MONDAY
    join(candor, "U03")
    for moment in (MONDAY, MONDAY + DAY):
        candor.tick_at(moment)
    assert [len(told(candor, user)) for user in ("U01", "U02", "U03")] == [2, 2, 1]
    assert person(candor, "U03").reminded == 1


def test_those_who_left_or_want_none_get_none_also_when_it_was_planned_before(candor: Candor) -> None:
    join(candor, "U01", "U02", "U03")
    with candor.sessions.begin() as session:
        people.deactivate(session, ["U01"], candor.clock())
    begin(candor)
    candor.tick()
    with candor.sessions.begin() as session:
        people.deactivate(session, ["U02"], candor.clock())
    candor.tick_at(THURSDAY)
    assert [len(told(candor, user)) for user in ("U01", "U02", "U03")] == [0, 0, 1]
    assert outcomes(candor, "U01") == []
    assert outcomes(candor, "U02") == [("pulse", "dropped", "deactivated")]


def test_the_next_wave_invites_everybody_anew(candor: Candor) -> None:
    join(candor, "U01")
    wave = begin(candor)
    candor.tick()
    candor.tick_at(THURSDAY)
    finish(candor, wave)
    candor.clock.now = wave.opened_at + 14 * DAY
    begin(candor)
    candor.tick()
    candor.tick_at(wave.opened_at + 15 * DAY)
    assert ["Pulse 1" in told(candor, "U01")[0].text, "Pulse 2" in told(candor, "U01")[1].text] == [True, True]
    assert len(told(candor, "U01")) == 2


def test_nothing_is_sent_of_a_wave_that_is_over_or_that_is_about_to_be(candor: Candor) -> None:
    join(candor, "U01", "U02")
    wave = begin(candor)
    candor.tick()
    candor.clock.now = wave.closes_at - timedelta(hours=1)
    candor.outbox.run(candor.clock())
    assert not told(candor, "U01")
    assert outcomes(candor, "U01") == [("pulse", "dropped", "the pulse is over")]
    join(candor, "U03")
    candor.tick()
    finish(candor, wave)
    candor.tick_at(wave.closes_at + DAY)
    assert not told(candor, "U03")


def test_what_was_held_up_until_another_wave_is_open_does_not_invite_to_that_one_twice(candor: Candor) -> None:
    join(candor, "U01")
    wave = begin(candor)
    candor.tick()
    with candor.sessions.begin() as session:
        people.stop_workspace(session, "app uninstalled", candor.clock())
    finish(candor, wave)
    candor.clock.now = wave.opened_at + 14 * DAY
    with candor.sessions.begin() as session:
        people.resume_workspace(session, candor.services.workspace_id)
    begin(candor)
    for days in (14, 15, 16):
        candor.tick_at(wave.opened_at + days * DAY)
    (message,) = told(candor, "U01")
    assert "Pulse 2" in message.text
    assert outcomes(candor, "U01") == [("pulse", "sent", None)]


def test_an_invitation_that_may_have_been_lost_is_looked_for_and_not_sent_twice(candor: Candor) -> None:
    join(candor, "U01")
    begin(candor)
    candor.tick()
    candor.sandbox.faults.add(
        Fault(method="chat.postMessage", kind="reset_after", when=lambda args: args["channel"] == "U01")
    )
    candor.tick_at(THURSDAY)
    candor.tick_at(THURSDAY + timedelta(minutes=5))
    assert len(told(candor, "U01")) == 1


def test_after_its_week_is_over_and_its_key_is_gone_nobody_is_invited_again(candor: Candor) -> None:
    join(candor, "U01")
    wave = begin(candor, length=2 * LENGTH)
    candor.tick()
    candor.tick_at(THURSDAY)
    for days in range(5, 14):
        candor.tick_at(wave.opened_at + days * DAY)
        assert len(told(candor, "U01")) - len(reminders(candor, "U01")) == 1
    assert ("pulse", "sent", None) not in outcomes(candor, "U01")
    assert len(reminders(candor, "U01")) == 1


def test_an_invitation_that_was_held_up_is_not_followed_by_a_reminder_at_once(candor: Candor) -> None:
    """Slack took nothing until the time of the reminder had come: the invitation says all there is to say."""
    join(candor, "U01")
    begin(candor)
    candor.tick()
    with candor.sessions.begin() as session:
        people.stop_workspace(session, "app uninstalled", candor.clock())
    candor.tick_at(MONDAY - timedelta(hours=5))
    with candor.sessions.begin() as session:
        people.resume_workspace(session, candor.services.workspace_id)
    for moment in (MONDAY, MONDAY + timedelta(hours=3)):
        candor.tick_at(moment)
        assert ("pulse reminder", "dropped", "just invited") in outcomes(candor, "U01")
    candor.tick_at(MONDAY + DAY)
    assert len(told(candor, "U01")) == 1


def test_an_invitation_that_was_held_up_until_night_waits_for_the_next_weekday(candor: Candor) -> None:
    join(candor, "U01")
    begin(candor)
    candor.tick()
    friday = THURSDAY + DAY
    for moment in (friday.replace(hour=22), friday.replace(hour=12) + DAY, friday.replace(hour=12) + 2 * DAY):
        candor.tick_at(moment)
        assert not told(candor, "U01")
    candor.tick_at(MONDAY)
    assert len(told(candor, "U01")) == 1


def test_planning_again_and_in_small_batches_plans_each_person_once(candor: Candor) -> None:
    join(candor, *(f"U{number:02d}" for number in range(1, 8)))
    begin(candor)
    workspace, now = candor.services.workspace_id, candor.clock()
    assert planning.plan(candor.sessions, workspace, now, batch=3) == 7
    assert planning.plan(candor.sessions, workspace, now, batch=3) == 0
    assert planning.plan(candor.sessions, workspace, now + 4 * DAY, batch=3) == 7
    assert planning.plan(candor.sessions, workspace, now + 4 * DAY, batch=3) == 0


def test_without_a_wave_nothing_is_planned(candor: Candor) -> None:
    join(candor, "U01")
    assert planning.plan(candor.sessions, candor.services.workspace_id, candor.clock()) == 0
    finish(candor, begin(candor))
    assert planning.plan(candor.sessions, candor.services.workspace_id, candor.clock()) == 0


def test_nobody_is_invited_while_the_keys_are_away_and_everybody_once_when_they_are_back(candor: Candor) -> None:
    join(candor, "U01")
    begin(candor)
    candor.tick()
    with keys_away(candor):
        for hours in (0, 1):
            ticked_without_keys(candor, THURSDAY + timedelta(hours=hours))
            assert [state for _, state, _ in outcomes(candor, "U01")] == ["ready"]
    candor.tick_at(THURSDAY + timedelta(hours=2) - MINUTE)
    assert not told(candor, "U01")
    for hours in (2, 3):
        candor.tick_at(THURSDAY + timedelta(hours=hours))
        assert len(told(candor, "U01")) == 1


def test_nobody_is_reminded_while_the_keys_are_away_and_everybody_once_when_they_are_back(candor: Candor) -> None:
    join(candor, "U01")
    begin(candor)
    candor.tick()
    candor.tick_at(THURSDAY)
    with keys_away(candor):
        ticked_without_keys(candor, MONDAY)
    assert not reminders(candor, "U01")
    candor.tick_at(MONDAY + timedelta(hours=1))
    assert len(reminders(candor, "U01")) == 1
