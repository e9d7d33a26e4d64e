"""Who may answer is read for everybody at once, kept in memory, and read anew once a minute."""

import tracemalloc

import pytest
from sqlalchemy import insert

from bot.pulse.ballot.repeats import Repeats
from bot.pulse.ballot.roster import Roster
from storage import people
from storage.people import RosterRow
from storage.tables import Base
from storage.voting import Member
from tests.candor import Candor, in_roster
from tests.database import statements
from tests.pulse.ballot.acts import everything, kept, open_form, send
from tests.pulse.world import begin, finish

PERSON = "U0ROSTER"


def lead(candor: Candor, person: str, leads: bool = True) -> None:
    with candor.sessions.begin() as session:
        found = people.get(session, person)
        assert found is not None
        found.is_manager = leads


def of_the_roster(seen: list[tuple[str, str]]) -> int:
    return sum("FROM person" in statement for statement, _values in seen)


@pytest.fixture(autouse=True)
def somebody(candor: Candor) -> None:
    candor.join(PERSON)
    in_roster(candor.sessions, RosterRow(PERSON, "Europe/Madrid"))


def test_no_statement_for_a_ballot_carries_a_persons_id(candor: Candor) -> None:
    wave = begin(candor)
    with statements(candor.sessions) as seen:
        assert send(candor, wave, PERSON, gaming="2").ok
        candor.sandbox.user(PERSON).say("pulse")
        candor.sandbox.user(PERSON).command("/candor", "pulse")
    assert any("INSERT INTO ballot" in statement for statement, _values in seen)
    assert not any(PERSON in values for _statement, values in seen)
    with statements(candor.sessions) as seen:
        candor.sandbox.user(PERSON).open_home()
    assert any(PERSON in values for _statement, values in seen)


def test_everybody_is_read_in_one_statement_and_only_once_a_minute(candor: Candor) -> None:
    wave = begin(candor)
    with statements(candor.sessions) as seen:
        for number in range(3):
            in_roster(candor.sessions, RosterRow(f"U0{number}", "UTC"))
        seen.clear()
        for _ in range(3):
            assert send(candor, wave, PERSON, gaming="2").ok
    assert of_the_roster(seen) == 1
    roster, sessions = candor.services.roster, candor.sessions
    with statements(candor.sessions) as seen:
        for _ in range(7):
            roster.refresh(sessions, candor.clock())
            candor.clock.pass_by(seconds=10)
    assert of_the_roster(seen) == 2


def test_who_leads_people_is_as_the_last_tick_found_it(candor: Candor) -> None:
    wave = begin(candor)
    candor.tick()
    assert "Your ballot says that you do not manage a team." in str(open_form(candor, wave, PERSON))
    candor.sandbox.user(PERSON).close_modal()
    lead(candor, PERSON)
    candor.clock.pass_by(minutes=1)
    candor.tick()
    assert send(candor, wave, PERSON, gaming="1").ok
    assert "Your ballot says that you manage a team." in str(candor.top_modal(PERSON))
    assert [ballot.leader for ballot in kept(candor, wave)] == [True]


def test_a_clock_that_was_set_back_keeps_no_old_roster(candor: Candor) -> None:
    begin(candor)
    roster, sessions = candor.services.roster, candor.sessions
    candor.clock.pass_by(days=2)
    roster.refresh(sessions, candor.clock())
    lead(candor, PERSON)
    candor.clock.pass_by(days=-1)
    roster.refresh(sessions, candor.clock())
    assert roster.member(sessions, PERSON) == Member("Europe/Madrid", True)


def test_somebody_who_has_left_and_somebody_unknown_are_not_in_it(candor: Candor) -> None:
    in_roster(candor.sessions, RosterRow("U0GONE", "UTC", active=False))
    roster = candor.services.roster
    found = [roster.member(candor.sessions, each) for each in (PERSON, "U0GONE", "U0NOBODY")]
    assert found == [Member("Europe/Madrid", False), None, None]


def test_somebody_the_roster_does_not_know_yet_answers_as_one_who_leads_nobody(candor: Candor) -> None:
    wave = begin(candor)
    candor.tick()
    candor.join("U0NEW", tz="Asia/Tokyo")
    in_roster(candor.sessions, RosterRow("U0NEW", "Asia/Tokyo"))
    lead(candor, "U0NEW")
    shown = open_form(candor, wave, "U0NEW")
    assert "Your ballot says that you do not manage a team." in str(shown)
    assert "21:00 your time" in str(shown)
    assert candor.sandbox.user("U0NEW").fill_and_submit(values={"gaming": "1"}).ok
    assert [ballot.leader for ballot in kept(candor, wave)] == [False]


def test_between_two_waves_nobody_is_kept_in_memory(candor: Candor) -> None:
    wave = begin(candor)
    candor.tick()
    with statements(candor.sessions) as seen:
        open_form(candor, wave, PERSON)
    assert of_the_roster(seen) == 0
    finish(candor, wave)
    with statements(candor.sessions) as seen:
        candor.services.roster.refresh(candor.sessions, candor.clock())
    assert of_the_roster(seen) == 0
    with statements(candor.sessions) as seen:
        candor.services.roster.member(candor.sessions, PERSON)
    assert of_the_roster(seen) == 1


def test_a_company_of_many_takes_little_memory_also_while_it_is_read_anew(candor: Candor) -> None:
    many, most_each = 20_000, 350
    ids = [f"U{number:010d}" for number in range(many)]
    rows = [{"id": each, "tz": f"Zone/{number % 300}", "is_manager": False} for number, each in enumerate(ids)]
    with candor.sessions.begin() as session:
        session.connection().execute(insert(Base.metadata.tables["person"]), rows)
    begin(candor)
    roster = Roster()
    tracemalloc.start()
    for _ in range(2):
        roster.refresh(candor.sessions, candor.clock())
        candor.clock.pass_by(minutes=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert roster.member(candor.sessions, ids[-1]) == Member("Zone/199", False)
    assert peak < many * most_each


def test_the_word_typed_leaves_no_time_behind_and_has_no_second_effect(candor: Candor) -> None:
    begin(candor)
    before = everything(candor)
    candor.sandbox.user(PERSON).say("pulse")
    candor.sandbox.send_raw(candor.sandbox.last_payload("events_api"), "events_api")
    assert len(candor.dms(PERSON)) == 1
    assert everything(candor) == before
    candor.sandbox.user(PERSON).say("help")
    after = everything(candor)
    assert {name for name in after if after[name] != before[name]} == {"seen_event"}


def test_of_events_that_were_handled_only_the_newest_are_remembered() -> None:
    repeats = Repeats(most=2)
    assert [repeats.first_sight(each) for each in ("a", "b", "b", "a", "c")] == [True, True, False, False, True]
    assert [repeats.first_sight(each) for each in ("c", "b", "a")] == [False, False, True]
