"""A database server that logs every statement it runs: it sees ballots come in, and nobody's id beside them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, text

from storage import people
from storage.database import open_engine, reading
from storage.people import RosterRow
from tests.candor import Candor, in_roster
from tests.pulse.ballot.acts import changed, dispatched, kept, send, submission
from tests.pulse.world import begin, finish

# SQLite has no server, and no such log.
ON_A_SERVER = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
KNOWN, LEADER, UNKNOWN, GUEST = "U0LOGGEDKNOWN", "U0LOGGEDLEADER", "U0LOGGEDUNKNOWN", "U0LOGGEDGUEST"
PEOPLE = (KNOWN, LEADER, UNKNOWN, GUEST)


class Log:
    """The server's own log, from a moment on."""

    def __init__(self, engine: Engine) -> None:
        with engine.connect() as connection:
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        self._before = {each: each.stat().st_size for each in folder.glob("log*")}
        self._folder = folder

    def read(self) -> str:
        """What was written to it since."""
        files = [each for each in self._folder.glob("log*") if each.is_file()]
        return "".join(each.read_bytes()[self._before.get(each, 0) :].decode() for each in files)


@contextmanager
def every_statement(engine: Engine) -> Iterator[Log]:
    """The server logs all that it runs, with the values; at the end as it was."""
    _configure(engine, "ALTER SYSTEM SET log_min_duration_statement = 0", "0")
    try:
        yield Log(engine)
    finally:
        _configure(engine, "ALTER SYSTEM RESET log_min_duration_statement", "-1")


def _configure(engine: Engine, statement: str, expected: str) -> None:
    beside = open_engine(engine.url.render_as_string(hide_password=False))
    with beside.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
        connection.execute(text("SELECT pg_reload_conf()"))
        deadline = monotonic() + 10
        while connection.execute(text("SHOW log_min_duration_statement")).scalar_one() != expected:
            assert monotonic() < deadline
            sleep(0.02)
    beside.dispose()
    # New connections have heard of it for certain.
    engine.dispose()


def named_in(log: str) -> list[str]:
    return [person for person in PEOPLE if person in log]


def stored(log: str) -> list[int]:
    """Where the log tells that a ballot was stored: what it was made of, it tells before."""
    return [found.start() for found in re.finditer(r"execute [^:]*: INSERT INTO ballot", log)]


@pytest.fixture(autouse=True)
def company(candor: Candor) -> None:
    """Somebody known, somebody who leads people, a member whom the roster has not seen, and a guest."""
    for person in PEOPLE:
        candor.join(person, is_restricted=person == GUEST)
    in_roster(candor.sessions, RosterRow(KNOWN, "Europe/Madrid"), RosterRow(LEADER, "Asia/Tokyo"))
    with candor.sessions.begin() as session:
        leader = people.get(session, LEADER)
        assert leader is not None
        leader.is_manager = True


@ON_A_SERVER
def test_a_server_that_logs_every_statement_names_nobody_who_answers(candor: Candor, disk: Engine) -> None:
    with every_statement(disk) as log:
        wave = begin(candor)
        for person in (KNOWN, LEADER, UNKNOWN):
            assert send(candor, wave, person, gaming="2").ok
            assert send(candor, wave, person, gaming="3").ok
        said = log.read()
    assert len(kept(candor, wave)) == 3
    # So the log was on, and the search looks in the right place.
    assert len(stored(said)) == 6
    assert said.count("FROM person") > 0
    assert named_in(said) == []


@ON_A_SERVER
def test_it_names_nobody_either_who_types_the_word_or_is_refused(candor: Candor, disk: Engine) -> None:
    wave = begin(candor)
    body = submission(candor, wave, KNOWN)
    with every_statement(disk) as log:
        for person in PEOPLE:
            candor.sandbox.user(person).say("pulse")
            assert candor.dms(person)
            candor.sandbox.user(person).command("/candor", "pulse")
        assert dispatched(candor, changed(body, {"gaming": "9"}))["response_action"] == "errors"
        finish(candor, wave)
        assert dispatched(candor, body)["response_action"] == "update"
        for person in PEOPLE:
            candor.sandbox.user(person).say("pulse")
            candor.sandbox.user(person).command("/candor", "pulse")
        said = log.read()
    assert said.count("FROM wave") > 0
    assert named_in(said) == []


@ON_A_SERVER
def test_a_plain_lookup_before_the_ballot_would_name_everybody_beside_their_tag(candor: Candor, disk: Engine) -> None:
    """The counter-proof: how anybody would write it."""
    wave = begin(candor)
    with every_statement(disk) as log:
        for person in (KNOWN, LEADER):
            with reading(candor.sessions) as session:
                people.get(session, person)
            assert send(candor, wave, person, gaming="2").ok
        said = log.read()
    first, second = stored(said)
    assert [named_in(said[:first]), named_in(said[first:second])] == [[KNOWN], [LEADER]]
