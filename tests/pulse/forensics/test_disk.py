"""Whoever takes the whole disk, at any moment, finds no answer on it: only sealed ballots, whose key then dies."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy import Engine

from bot.pulse.closing import close, freeze
from storage import ballots
from storage.database import open_engine, reading, session_factory, upgrade
from storage.tables import Wave
from tests.candor import Candor, running
from tests.pulse.forensics import plain
from tests.pulse.forensics.places import dump, where, written
from tests.pulse.world import begin, finish, found, keys_of, vote

# Enough for results, too few for comments: nothing of a comment may ever be written down.
PEOPLE = 9


def answered(candor: Candor, canary: str) -> Wave:
    wave = begin(candor)
    for number in range(PEOPLE):
        vote(candor, wave, f"U0{number}", {"gaming": "3", f"{canary}-{number}": "5"}, comment=f"{canary} {number}")
    return wave


def sealed_of(candor: Candor, wave: Wave) -> list[bytes]:
    """The beginning of each sealed ballot: PostgreSQL keeps a long value in pieces."""
    with reading(candor.sessions) as session:
        return [sealed[:64] for _tag, sealed in ballots.sealed(session, wave.id)]


def places_of(disk: Engine, secret: str | bytes) -> list[str]:
    """Where on the disk, and in a dump, something is found."""
    return where(written(disk) | {"dump": "\n".join(dump(disk)).encode()}, secret)


def test_no_answer_is_on_the_disk_at_any_step(candor: Candor, disk: Engine) -> None:
    canary = f"canary-{token_hex(8)}"
    wave = answered(candor, canary)
    assert places_of(disk, canary) == []
    freeze(candor.sessions, wave.id)
    assert places_of(disk, canary) == []
    assert finish(candor, wave).outcome == "results"
    assert places_of(disk, canary) == []


def test_a_plain_design_leaves_the_answers_on_the_disk_even_deleted(candor: Candor, beside: Engine) -> None:
    """The counter-proof of the test before."""
    canary = f"canary-{token_hex(8)}"
    for number in range(PEOPLE):
        plain.vote(beside, f"U0{number}", f"{canary} {number}")
    assert "dump" in places_of(beside, canary)
    with reading(candor.sessions) as session:
        ballots.count(session, "")
        plain.close(beside)
        log = "candor.db-wal" if beside.dialect.name == "sqlite" else "pg_wal"
        assert any(log in place for place in places_of(beside, canary))


def test_after_closing_there_is_at_most_ciphertext_whose_key_is_gone(candor: Candor, disk: Engine) -> None:
    wave = answered(candor, "words")
    sealed = sealed_of(candor, wave)
    raw = keys_of(candor).load(wave.id, wave.key_mark).raw()
    assert all(places_of(disk, each) for each in sealed)
    finish(candor, wave)
    assert list(keys_of(candor).path.iterdir()) == []
    assert places_of(disk, raw[-32:]) == []
    left = {place for each in sealed for place in places_of(disk, each)}
    if disk.dialect.name == "sqlite":
        assert left == set()
    else:
        # PostgreSQL's log of writes, and pages not yet used again, cannot be wiped: so much is certain to be there.
        assert any("pg_wal" in place for place in left)
        assert "dump" not in left


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Candor]:
    """The bot on SQLite, whose log of writes has a trap: with a reader in the way it is not emptied, and says so to
    nobody who does not ask."""
    engine = open_engine(f"sqlite:///{tmp_path / 'candor.db'}")
    upgrade(engine)
    with running(session_factory(engine)) as candor:
        yield candor
    engine.dispose()


def test_with_a_reader_in_the_way_a_wave_is_not_closed_until_its_bytes_are_gone(on_file: Candor) -> None:
    disk: Engine = on_file.sessions.kw["bind"]
    wave = answered(on_file, "words")
    sealed = sealed_of(on_file, wave)
    with reading(on_file.sessions) as session:
        ballots.count(session, wave.id)
        for _ in range(2):
            close(on_file.sessions, keys_of(on_file), wave.closes_at, patience=0.2)
        assert found(on_file, wave).state == "counted"
        assert places_of(disk, sealed[0])
    with reading(on_file.sessions) as session:
        assert not ballots.tallies(session)
    assert keys_of(on_file).waves() == {wave.id}
    close(on_file.sessions, keys_of(on_file), wave.closes_at)
    assert (found(on_file, wave).state, places_of(disk, sealed[0])) == ("closed", [])
    with reading(on_file.sessions) as session:
        assert ballots.tallies(session)


def test_a_closing_that_does_not_ask_would_have_called_it_gone(on_file: Candor) -> None:
    """The counter-proof of the test before: SQLite raises nothing, and the bytes are still there."""
    disk: Engine = on_file.sessions.kw["bind"]
    wave = answered(on_file, "words")
    sealed = sealed_of(on_file, wave)
    with reading(on_file.sessions) as session:
        ballots.count(session, wave.id)
        with on_file.sessions.begin() as writing:
            ballots.delete_all(writing, wave.id)
        with closing(sqlite3.connect(str(disk.url.database), isolation_level=None, timeout=0.2)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert places_of(disk, sealed[0])
