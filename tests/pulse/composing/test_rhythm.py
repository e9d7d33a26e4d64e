"""The rhythm: waves open by themselves when the policy says, and close when their time is over."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import OperatorError
from bot.jobs import Tick
from bot.policy.versions import terms_of
from bot.pulse.closing import close_early
from bot.pulse.composing.jobs import open_due
from bot.pulse.composing.rhythm import due_from, is_due, next_hour
from bot.pulse.opening import APART
from bot.schedule import tick
from tests.candor import PUBLISHED, START, Candor
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.policy.publishing.test_at_once import together
from tests.pulse.composing.acts import all_waves, asked, at, end
from tests.pulse.world import begin, vote

# A Tuesday, the sample policy's twelve weeks after it took effect.
FIRST = at(24, 8)


def ticked(candor: Candor) -> Tick:
    """One tick, whatever goes wrong in it."""
    return tick(candor.services, candor.client, candor.outbox, candor.clock())


def test_a_wave_opens_by_itself_when_the_policys_weeks_have_passed(candor: Candor) -> None:
    candor.tick_at(at(23, 12))
    candor.tick_at(FIRST - timedelta(minutes=1))
    assert all_waves(candor) == []
    candor.tick_at(FIRST)
    (wave,) = all_waves(candor)
    assert (wave.number, wave.state, wave.opened_by, wave.opened_at) == (1, "open", "rhythm", FIRST)
    assert wave.closes_at == FIRST + timedelta(days=7)
    assert asked(wave)[2:] == ["clarity.1", "gaming", "comment"]


def test_the_weeks_are_those_of_the_policy_in_force(candor: Candor) -> None:
    publish_next(candor.sessions, START, effective="2026-12-03", pulse_weeks=3, **AS_SHIPPED)
    candor.tick_at(FIRST)
    end(candor)
    candor.tick_at(at(14, 7, 59, month=12))
    assert len(all_waves(candor)) == 1
    candor.tick_at(at(14, 8, month=12))
    assert [wave.opened_at for wave in all_waves(candor)] == [FIRST, at(14, 8, month=12)]
    assert not set(asked(all_waves(candor)[0])[:2]) & set(asked(all_waves(candor)[1])[:2])


def test_a_wave_that_hr_opened_counts_as_the_last_one(candor: Candor) -> None:
    begin(candor)
    end(candor)
    candor.tick_at(FIRST + timedelta(days=7))
    assert len(all_waves(candor)) == 1


def test_a_wave_that_has_not_ended_keeps_the_next_one_from_opening(candor: Candor) -> None:
    publish_next(candor.sessions, START, effective="2026-12-03", pulse_weeks=1)
    begin(candor, length=timedelta(days=21))
    candor.tick_at(at(7, 12, month=12))
    assert len(all_waves(candor)) == 1
    end(candor)
    candor.tick()
    assert len(all_waves(candor)) == 2


def test_a_wave_closes_when_its_time_is_over_and_not_before(candor: Candor) -> None:
    wave = begin(candor)
    candor.tick_at(wave.closes_at - timedelta(minutes=2))
    assert all_waves(candor)[0].state == "open"
    candor.tick_at(wave.closes_at)
    assert (all_waves(candor)[0].state, all_waves(candor)[0].outcome) == ("closed", "too few")


def test_a_wave_that_hr_closes_early_is_closed_by_the_next_tick(candor: Candor) -> None:
    wave = begin(candor)
    candor.clock.pass_by(days=2)
    close_early(candor.sessions, wave.id, candor.clock())
    candor.tick()
    assert all_waves(candor)[0].state == "closed"


def test_of_several_replicas_that_open_at_the_same_moment_one_does_and_none_complains(candor: Candor) -> None:
    settings = candor.services.settings
    assert together(*[lambda: open_due(candor.sessions, settings, FIRST)] * 4) == [None] * 4
    assert len(all_waves(candor)) == 1
    assert len([file for file in settings.keys.iterdir() if file.stat().st_size]) == 1


def test_a_key_directory_that_cannot_be_used_is_a_trouble_in_words_until_it_is_mended(candor: Candor) -> None:
    keys = candor.services.settings.keys
    keys.chmod(0o755)
    candor.clock.now = FIRST
    for _ in range(2):
        assert f"chmod 700 {keys}" in ticked(candor).troubles["open pulse"]
        # The next tick tries again, so that one trouble is told once and is over when it is.
        candor.clock.pass_by(seconds=10)
    assert all_waves(candor) == []
    keys.chmod(0o700)
    assert ticked(candor).troubles == {}
    assert len(all_waves(candor)) == 1


def test_a_wave_whose_keys_are_lost_is_a_trouble_in_words_and_nothing_is_shown(candor: Candor) -> None:
    wave = begin(candor)
    for person in ("U01", "U02", "U03", "U04", "U05"):
        vote(candor, wave, person)
    for file in candor.services.settings.keys.iterdir():
        file.unlink()
    candor.clock.now = wave.closes_at
    assert str(candor.services.settings.keys) in ticked(candor).troubles["close pulse"]
    assert all_waves(candor)[0].state == "closing"


def test_before_a_policy_is_in_force_nothing_opens_and_nothing_is_wrong(candor: Candor) -> None:
    open_due(candor.sessions, candor.services.settings, PUBLISHED - timedelta(days=1))
    assert all_waves(candor) == []


def test_all_keys_of_the_trustee_used_up_is_a_trouble_in_words(candor: Candor) -> None:
    settings = candor.services.settings.model_copy(update={"trustee": candor.services.settings.keys / "none.json"})
    with pytest.raises(OperatorError, match=r"none\.json"):
        open_due(candor.sessions, settings, FIRST)
    assert all_waves(candor) == []


@given(after=st.timedeltas(timedelta(0), timedelta(days=30)))
def test_the_next_hour_is_at_work_and_the_first_one_that_is(after: timedelta) -> None:
    now = START + after
    found = next_hour(now)
    assert found >= now and found.weekday() <= 3 and 8 <= found.hour < 16
    assert found - now < timedelta(days=4)
    if found > now:
        assert (found.hour, found.minute, found.second, found.microsecond) == (8, 0, 0, 0)
        assert next_hour(found - timedelta(microseconds=1)) == found


def test_on_a_friday_evening_the_next_hour_is_on_monday_morning() -> None:
    assert next_hour(at(20, 17)) == next_hour(at(19, 16)) == at(23, 8)
    assert next_hour(at(19, 15, 59)) == at(19, 15, 59)
    assert not is_due(at(16), at(20, 12)) and is_due(at(16), at(19, 12))


def test_two_waves_are_never_less_than_two_weeks_apart_whatever_the_policy_says(candor: Candor) -> None:
    terms = publish_next(candor.sessions, START, effective="2026-12-03", pulse_weeks=1)
    opened = at(19, 15, 30)
    assert due_from(terms_of(terms), PUBLISHED, opened) == opened + APART
