"""The sample company's pulses are held by the product itself, and show what it shows."""

from datetime import date, timedelta

from bot.demo.pulses import answer_open, hold_first
from bot.pulse.composing.starting import start
from bot.pulse.results.reading import read
from bot.sandbox.company import COMPANY
from bot.sandbox.company_pulse import answers
from storage import ballots, waves
from storage.database import reading
from tests.candor import Candor
from tests.pulse.world import keys_of

MONDAY = date(2026, 9, 7)
TAKING_PART = len(list(answers(COMPANY.employees, 1, {"gaming": "gaming"})))


def test_the_first_pulse_has_results_and_an_answer_of_hr_and_its_ballots_and_keys_are_gone(candor: Candor) -> None:
    hold_first(candor.services, MONDAY)
    with reading(candor.sessions) as session:
        wave = waves.newest(session)
        assert wave is not None
        assert (wave.state, wave.outcome, wave.opened_at.date()) == ("closed", "results", MONDAY + timedelta(days=1))
        assert ballots.count(session, wave.id) == 0
        assert ballots.comments(session, wave.id)
        promises = read(session, candor.clock()).promises
    asked = [each for each in promises if each.item is not None]
    assert [len(each.replies) for each in asked] == [0, 1]
    assert [file.read_bytes() for file in keys_of(candor).path.iterdir() if file.is_file()] in ([], [b""])


def test_managers_and_everybody_else_are_enough_people_to_be_shown_apart(candor: Candor) -> None:
    hold_first(candor.services, MONDAY)
    with reading(candor.sessions) as session:
        shown = {each.segment for each in ballots.tallies(session) if each.share is not None}
    assert shown == {"everyone", "leaders", "others"}


def test_an_open_pulse_gets_one_ballot_of_each_who_takes_part_and_stays_open(candor: Candor) -> None:
    wave = start(candor.sessions, candor.services.settings, opened_by="rhythm", now=candor.clock())
    for _ in range(2):
        answer_open(candor.services)
    with reading(candor.sessions) as session:
        assert ballots.count(session, wave.id) == TAKING_PART
        assert waves.taking(session, candor.clock()) is not None


def test_while_no_pulse_is_open_nobody_answers(candor: Candor) -> None:
    answer_open(candor.services)
    with reading(candor.sessions) as session:
        assert waves.every(session) == []
