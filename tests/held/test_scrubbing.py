"""No deleted byte stays in an SQLite file: pages that have split, a kill in the middle, somebody in the way."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from bot.held.erase import leave
from bot.policy.versions import require_in_force
from storage import consents, held
from storage.database import SessionFactory, open_engine, owe_scrub, scrub, session_factory, upgrade
from storage.people import RosterRow
from storage.tables import CheckIn, Consent, Person
from tests.candor import START, Candor, in_roster, running

PEOPLE, LEAVERS, OPEN_WEEK = 2000, 120, "2026-W47"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "candor.db"


@pytest.fixture
def company(path: Path) -> Iterator[Candor]:
    """The bot on SQLite: what is told here is SQLite's own."""
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    with running(session_factory(engine)) as candor:
        yield candor
    engine.dispose()


def ids_of(number: int) -> tuple[str, ...]:
    """What must not be found of a person: address, login, note, receipt."""
    return tuple(f"{word}{number:05d}" for word in ("mail", "login", "note", "receipt"))


def fill(candor: Candor, chance: random.Random) -> None:
    """Thousands of people in no order, each written several times: every index and table splits its pages."""
    policy = require_in_force(candor.sessions, candor.clock())
    in_roster(candor.sessions, *[RosterRow(f"U{number:05d}", "UTC") for number in range(PEOPLE)])
    numbers = list(range(PEOPLE))
    for turn in range(4):
        chance.shuffle(numbers)
        for start in range(0, PEOPLE, 50):
            with candor.sessions.begin() as session:
                for number in numbers[start : start + 50]:
                    person, (mail, login, note, receipt) = f"U{number:05d}", ids_of(number)
                    if turn == 0:
                        consent = Consent(
                            person_id=person, receipt_id=receipt, policy_hash=policy.hash, granted_at=START
                        )
                        consents.grant(session, consent, ["copilot"], START.date())
                        address = f"{mail}{'q' * chance.randint(0, 60)}@haldenlabs.example"
                        consents.set_identity(session, person, "email", address, "Slack profile")
                        continue
                    name = f"{login}v{turn}{'y' * chance.randint(0, 40)}"
                    consents.set_identity(session, person, "github_login", name, "identity provider")
                    check_in = CheckIn(
                        person_id=person, week=date(2026, 11, 9), saved="0", rework="0", helped=[],
                        note=note + "z" * chance.randint(0, 280), reported_at=START,
                    )  # fmt: skip
                    session.merge(check_in)


def on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob("candor.db*")))


def owed(sessions: SessionFactory) -> int:
    with sessions.begin() as session:
        return int(session.connection().execute(text("SELECT scrub_owed FROM workspace")).scalar_one())


def engine_of(candor: Candor) -> Engine:
    engine: Engine = candor.sessions.kw["bind"]
    return engine


def rebuilt(path: Path) -> int:
    """How often the schema has changed, VACUUM included."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA schema_version").fetchone()[0])


def erase_and_die(candor: Candor, person_id: str) -> None:
    """All that a process does which is killed as soon as its deletion is committed."""
    with candor.sessions.begin() as session:
        held.erase(session, person_id, open_week=OPEN_WEEK, now=START)


def test_nothing_of_a_leaver_is_in_the_file_though_its_pages_have_split(company: Candor, path: Path) -> None:
    chance = random.Random(7)
    fill(company, chance)
    *most, last = leavers = chance.sample(range(PEOPLE), LEAVERS)
    for number in most:
        erase_and_die(company, f"U{number:05d}")
    person = Person(id=f"U{last:05d}", tz="UTC")
    assert leave(company.sessions, company.client, person, company.clock).on_disk

    data = on_disk(path)
    assert [word for number in leavers for word in ids_of(number) if word.encode() in data] == []
    stay = next(number for number in range(PEOPLE) if number not in leavers)
    assert [word for word in ids_of(stay) if word.encode() not in data] == []
    assert owed(company.sessions) == 0


def test_a_kill_between_deleting_and_wiping_is_made_good_by_the_next_tick(company: Candor, path: Path) -> None:
    chance = random.Random(8)
    fill(company, chance)
    already = owed(company.sessions)
    leavers = chance.sample(range(PEOPLE), LEAVERS)
    for number in leavers:
        erase_and_die(company, f"U{number:05d}")
    words = [word.encode() for number in leavers for word in ids_of(number)]
    before = on_disk(path)
    assert any(word in before for word in words)
    assert owed(company.sessions) == already + LEAVERS

    company.tick()
    data = on_disk(path)
    assert [word for word in words if word in data] == []
    assert owed(company.sessions) == 0


def test_a_tick_rebuilds_the_file_only_when_that_is_owed(company: Candor, path: Path) -> None:
    company.join("U01")
    company.opt_in("U01")
    before = rebuilt(path)
    company.tick()
    assert rebuilt(path) == before
    erase_and_die(company, "U01")
    company.tick()
    after = rebuilt(path)
    assert after > before
    company.tick()
    assert rebuilt(path) == after


def test_somebody_who_holds_the_lock_delays_the_wiping_and_the_person_is_told_so(company: Candor, path: Path) -> None:
    company.join("U01")
    company.opt_in("U01")
    erase_and_die(company, "U01")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert not scrub(engine_of(company), patience=0)
    assert owed(company.sessions) == 1
    company.tick()
    assert owed(company.sessions) == 0


def test_a_reader_that_stays_does_not_make_the_log_grow_tick_by_tick(company: Candor, path: Path) -> None:
    company.join("U01")
    company.opt_in("U01")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM consent").fetchall()
        erase_and_die(company, "U01")
        log = path.with_name("candor.db-wal")
        before = log.stat().st_size
        for _ in range(3):
            assert not scrub(engine_of(company), patience=0)
        assert log.stat().st_size == before
    assert scrub(engine_of(company))
    assert log.stat().st_size == 0


def test_what_is_deleted_while_the_file_is_rebuilt_stays_owed(company: Candor, path: Path) -> None:
    company.join("U01")
    company.opt_in("U01")
    erase_and_die(company, "U01")
    other = open_engine(f"sqlite:///{path}")
    others = session_factory(other)

    def meanwhile(sql: str) -> None:
        if sql == "VACUUM":
            with others.begin() as session:
                owe_scrub(session)

    @event.listens_for(engine_of(company), "checkout")
    def follow(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.set_trace_callback(meanwhile)

    assert scrub(engine_of(company))
    assert owed(others) == 1
    assert scrub(other)
    assert owed(others) == 0
    other.dispose()


def test_nothing_is_owed_or_wiped_on_postgresql(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        return  # SQLite's debt is what the tests above are about.
    with running(session_factory(engine)) as candor:
        candor.join("U01")
        candor.opt_in("U01")
        erase_and_die(candor, "U01")
        assert owed(candor.sessions) == 0
        assert scrub(engine, patience=0)
