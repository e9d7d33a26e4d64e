"""A wave from its opening to what everybody sees of it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.pulse.banding import Cell, Publishable
from bot.pulse.casting import WaveOver
from bot.pulse.closing import TooEarly, abandon, close, close_early, counted, destroy_late, freeze
from bot.pulse.keys import KeysUnusable
from bot.pulse.opening import NoWave
from storage import ballots
from storage.database import reading
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.world import answered, begin, finish, found, keys_of, vote


def ballots_of(candor: Candor, wave: Wave) -> int:
    with reading(candor.sessions) as session:
        return ballots.count(session, wave.id)


def published(candor: Candor) -> int:
    with reading(candor.sessions) as session:
        return len(ballots.tallies(session))


def test_what_is_published_of_a_wave_are_bands_and_its_ballots_and_keys_are_gone(candor: Candor) -> None:
    wave = answered(candor, 12)
    closed = finish(candor, wave)
    assert (closed.state, closed.outcome) == ("closed", "results")
    assert list(keys_of(candor).path.iterdir()) == []
    with reading(candor.sessions) as session:
        assert ballots.count(session, wave.id) == 0
        assert {(each.question, each.segment, each.share) for each in ballots.tallies(session)} == {
            ("belief:never", "everyone", 4),
            ("clarity.1", "everyone", 4),
            ("gaming", "everyone", 4),
        }
        assert len(ballots.comments(session, wave.id)) == 12


def test_with_too_few_ballots_nothing_is_opened_and_nothing_is_shown(candor: Candor) -> None:
    wave = answered(candor, 4)
    closed = finish(candor, wave)
    assert (closed.state, closed.outcome) == ("closed", "too few")
    assert list(keys_of(candor).path.iterdir()) == []
    with reading(candor.sessions) as session:
        assert not ballots.tallies(session)
        assert ballots.count(session, wave.id) == 0


def test_a_second_ballot_of_a_person_replaces_their_first(candor: Candor) -> None:
    wave = begin(candor)
    for number in range(5):
        vote(candor, wave, f"U0{number}", {"gaming": "1"})
    for number in range(5):
        vote(candor, wave, f"U0{number}", {"gaming": "5"})
    with reading(candor.sessions) as session:
        assert ballots.count(session, wave.id) == 5
    finish(candor, wave)
    with reading(candor.sessions) as session:
        assert [(each.question, each.share) for each in ballots.tallies(session)] == [("gaming", 4)]


def test_with_too_few_ballots_not_even_the_keys_are_read(candor: Candor) -> None:
    wave = answered(candor, 4)
    ruin(candor, wave)
    assert finish(candor, wave).outcome == "too few"


def test_with_enough_ballots_ruined_keys_are_noticed(candor: Candor) -> None:
    """The counter-proof: had the ballots of the test before been opened, this is what would have happened."""
    wave = answered(candor, 5)
    ruin(candor, wave)
    with pytest.raises(KeysUnusable, match="damaged"):
        finish(candor, wave)
    assert (found(candor, wave).state, published(candor), ballots_of(candor, wave)) == ("closing", 0, 5)


def ruin(candor: Candor, wave: Wave) -> None:
    """Keys that open nothing, in the place of the wave's."""
    (keys_of(candor).path / f"{wave.id}.key").write_bytes(b"no key at all")


def test_closing_waits_for_a_lost_directory_and_goes_on_when_it_is_back(candor: Candor) -> None:
    wave = answered(candor, 6)
    path = keys_of(candor).path
    elsewhere = path.rename(path.with_name(path.name + "-away"))
    for _ in range(2):
        with pytest.raises(KeysUnusable, match="cannot be read"):
            finish(candor, wave)
    assert (found(candor, wave).state, published(candor), ballots_of(candor, wave)) == ("closing", 0, 6)
    elsewhere.rename(path)
    assert finish(candor, wave).outcome == "results"


def test_keys_that_are_not_where_they_should_be_are_not_taken_for_destroyed(candor: Candor) -> None:
    wave = answered(candor, 3)
    path = keys_of(candor).path
    elsewhere = path.rename(path.with_name(path.name + "-away"))
    path.mkdir(mode=0o700)
    with pytest.raises(KeysUnusable, match="were not destroyed"):
        finish(candor, wave)
    assert found(candor, wave).state == "counted"
    path.rmdir()
    elsewhere.rename(path)
    assert finish(candor, wave).state == "closed"
    assert list(path.iterdir()) == []


def test_keys_of_another_wave_open_nothing(candor: Candor) -> None:
    wave = answered(candor, 5)
    keys = keys_of(candor)
    (keys.path / f"{wave.id}.key").write_bytes(keys.make("another").raw())
    with pytest.raises(KeysUnusable, match="not those of this pulse"):
        finish(candor, wave)
    assert published(candor) == 0


def test_in_its_first_two_days_nobody_closes_a_wave_and_so_nobody_chooses_who_has_answered(candor: Candor) -> None:
    """Four who tell each other everything, and one more: closed now, the bands would tell what that one answered."""
    wave = answered(candor, 5)
    for passed in (timedelta(0), timedelta(minutes=1), timedelta(hours=48) - timedelta(seconds=1)):
        candor.clock.now = wave.opened_at + passed
        with pytest.raises(TooEarly, match="from 20 November 2026, 12:00 UTC on, 48 hours of weekdays after it opened"):
            close_early(candor.sessions, wave.id, candor.clock())
        assert close(candor.sessions, keys_of(candor), candor.clock()) is None
        assert (found(candor, wave).state, found(candor, wave).closes_at) == ("open", wave.closes_at)
    candor.clock.now = wave.opened_at + timedelta(hours=48)
    assert close_early(candor.sessions, wave.id, candor.clock())


def test_a_weekend_does_not_count_because_nobody_is_invited_then(candor: Candor) -> None:
    candor.clock.now = datetime(2026, 11, 20, 20, tzinfo=UTC)
    wave = answered(candor, 5)
    candor.clock.now = datetime(2026, 11, 24, 18, 59, tzinfo=UTC)
    with pytest.raises(TooEarly):
        close_early(candor.sessions, wave.id, candor.clock())
    candor.clock.now = datetime(2026, 11, 24, 21, tzinfo=UTC)
    assert close_early(candor.sessions, wave.id, candor.clock())


def test_closing_early_ends_it_for_good(candor: Candor) -> None:
    wave = answered(candor, 5)
    candor.clock.pass_by(days=2)
    assert close_early(candor.sessions, wave.id, candor.clock())
    with pytest.raises(WaveOver):
        vote(candor, wave, "U0LATE")
    assert not close_early(candor.sessions, wave.id, candor.clock())
    ended = close(candor.sessions, keys_of(candor), candor.clock())
    assert ended is not None
    assert (ended.outcome, ended.closed_at) == ("results", candor.clock())


def test_closing_early_with_too_few_ballots_destroys_them_unopened(candor: Candor) -> None:
    wave = answered(candor, 2)
    ruin(candor, wave)
    candor.clock.pass_by(days=2)
    close_early(candor.sessions, wave.id, candor.clock())
    ended = close(candor.sessions, keys_of(candor), candor.clock())
    assert ended is not None
    assert (ended.outcome, ballots_of(candor, wave)) == ("too few", 0)


def test_a_clock_that_jumps_over_the_closing_time_closes_and_one_that_goes_back_opens_nothing(candor: Candor) -> None:
    wave = answered(candor, 5)
    candor.clock.pass_by(days=400)
    with pytest.raises(WaveOver):
        vote(candor, wave, "U0LATE")
    assert finish(candor, wave).outcome == "results"
    candor.clock.now = wave.opened_at + timedelta(hours=1)
    with pytest.raises(WaveOver):
        vote(candor, wave, "U0LATE")
    assert ballots_of(candor, wave) == 0


@pytest.mark.parametrize("number", [0, 4, 12])
def test_a_wave_that_is_abandoned_shows_its_reason_and_nothing_else(candor: Candor, number: int) -> None:
    wave = answered(candor, number)
    ended = abandon(candor.sessions, keys_of(candor), wave.id, candor.clock(), "The questions were wrong.")
    assert ended is not None
    assert (ended.state, ended.outcome, ended.reason) == ("closed", "stopped", "The questions were wrong.")
    assert not ended.keys_lost
    assert (published(candor), ballots_of(candor, wave)) == (0, 0)
    assert list(keys_of(candor).path.iterdir()) == []
    with pytest.raises(WaveOver):
        vote(candor, wave, "U0LATE")


def test_a_wave_whose_keys_are_lost_for_good_can_be_abandoned(candor: Candor) -> None:
    wave = answered(candor, 6)
    (keys_of(candor).path / f"{wave.id}.key").unlink()
    with pytest.raises(KeysUnusable):
        finish(candor, wave)
    ended = abandon(candor.sessions, keys_of(candor), wave.id, candor.clock(), "The keys are lost.")
    assert ended is not None
    assert (ended.outcome, ended.keys_lost, ballots_of(candor, wave)) == ("stopped", True, 0)


def test_keys_that_come_back_after_their_wave_was_abandoned_are_destroyed(candor: Candor) -> None:
    wave = answered(candor, 6)
    file = keys_of(candor).path / f"{wave.id}.key"
    aside = file.rename(file.with_name("aside"))
    abandon(candor.sessions, keys_of(candor), wave.id, candor.clock(), "The keys are lost.")
    candor.tick_at(candor.clock())
    assert found(candor, wave).keys_lost
    aside.rename(file)
    candor.tick_at(candor.clock() + timedelta(minutes=1))
    assert not file.exists()
    assert not found(candor, wave).keys_lost


def test_keys_that_come_back_and_cannot_be_destroyed_are_not_taken_for_destroyed(candor: Candor) -> None:
    wave = answered(candor, 6)
    file = keys_of(candor).path / f"{wave.id}.key"
    aside = file.rename(file.with_name("aside"))
    abandon(candor.sessions, keys_of(candor), wave.id, candor.clock(), "The keys are lost.")
    file.symlink_to(aside)
    with pytest.raises(KeysUnusable, match="cannot be destroyed"):
        destroy_late(candor.sessions, keys_of(candor))
    assert found(candor, wave).keys_lost and aside.stat().st_size


def counted_wave(candor: Candor) -> Wave:
    """A wave that has been counted and not shown yet: whoever has the database can see what was found."""
    wave = answered(candor, 12)
    freeze(candor.sessions, wave.id)
    with candor.sessions.begin() as session:
        counted(session, wave, Publishable((Cell("gaming", "everyone", 1, 0),), ("A comment",)))
    return wave


@pytest.mark.parametrize("lost", [False, True])
def test_what_is_counted_already_is_never_withdrawn(candor: Candor, lost: bool) -> None:
    """Also where its keys are lost, so that it could not end by itself."""
    wave = counted_wave(candor)
    if lost:
        (keys_of(candor).path / f"{wave.id}.key").unlink()
        with pytest.raises(KeysUnusable, match="were not destroyed"):
            close(candor.sessions, keys_of(candor), wave.closes_at)
    ended = abandon(candor.sessions, keys_of(candor), wave.id, wave.closes_at, "We dislike what was found.")
    assert ended is not None
    assert (ended.state, ended.outcome, ended.reason) == ("closed", "results", None)
    assert list(keys_of(candor).path.iterdir()) == []
    with reading(candor.sessions) as session:
        assert (published(candor), list(ballots.comments(session, wave.id))) == (1, ["A comment"])


def test_too_few_that_were_counted_stay_too_few_when_they_are_abandoned(candor: Candor) -> None:
    wave = answered(candor, 2)
    freeze(candor.sessions, wave.id)
    with candor.sessions.begin() as session:
        counted(session, wave, None)
    ended = abandon(candor.sessions, keys_of(candor), wave.id, wave.closes_at, "The questions were wrong.")
    assert ended is not None
    assert (ended.state, ended.outcome, ended.reason) == ("closed", "too few", None)


def test_a_wave_that_has_closed_cannot_be_abandoned(candor: Candor) -> None:
    wave = answered(candor, 5)
    finish(candor, wave)
    ended = abandon(candor.sessions, keys_of(candor), wave.id, candor.clock(), "Too late.")
    assert ended is not None
    assert (ended.outcome, ended.reason) == ("results", None)
    assert published(candor)


def test_a_refused_opening_leaves_no_keys_behind(candor: Candor) -> None:
    wave = begin(candor)
    with pytest.raises(NoWave):
        begin(candor)
    assert keys_of(candor).waves() == {wave.id}


def test_what_a_kill_left_of_destroyed_keys_goes_when_the_next_wave_opens(candor: Candor) -> None:
    wave = answered(candor, 5)
    finish(candor, wave)
    (keys_of(candor).path / f"{wave.id}.key").touch(0o600)
    candor.clock.pass_by(days=30)
    following = begin(candor)
    assert [each.stem for each in keys_of(candor).path.iterdir()] == [following.id]
