"""A wave from its opening to what everybody sees of it."""

from storage import ballots
from storage.database import reading
from tests.candor import Candor
from tests.pulse.world import begin, finish, keys_of, vote


def test_what_is_published_of_a_wave_are_bands_and_its_ballots_and_keys_are_gone(candor: Candor) -> None:
    wave = begin(candor)
    for number in range(12):
        vote(candor, wave, f"U0{number}", comment=f"Comment {number}")
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
    wave = begin(candor)
    for number in range(4):
        vote(candor, wave, f"U0{number}")
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
