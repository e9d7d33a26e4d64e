"""Sealing and storing: one ballot of each person, counted or refused, and nothing of it without keys."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from bot.pulse.casting import CannotSeal, WaveOver, cast
from bot.pulse.closing import close, freeze
from bot.pulse.envelope import Ballot
from bot.pulse.keys import KeyDirectory
from storage import ballots, waves
from storage.database import SessionFactory, open_engine, reading, session_factory
from storage.tables import ChannelPost, SealedBallot, Wave
from tests.candor import Candor
from tests.pulse.world import begin, finish, found, keys_of, vote

YES = Ballot(answers={"gaming": "5"}, leader=False)


def number_of(sessions: SessionFactory, wave: Wave) -> int:
    with reading(sessions) as session:
        return ballots.count(session, wave.id)


def test_a_ballot_cast_twice_at_once_is_one_row(candor: Candor) -> None:
    wave, together = begin(candor), threading.Barrier(8)

    def submit(_number: int) -> None:
        together.wait()
        vote(candor, wave, "U0TWICE")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(submit, range(8)))
    assert number_of(candor.sessions, wave) == 1


def test_under_random_keys_the_same_person_would_have_eight_rows(candor: Candor) -> None:
    """The counter-proof: with a fresh key for each ballot, as a plain design has it, nothing tells one person's."""
    wave = begin(candor)
    for number in range(8):
        with candor.sessions.begin() as session:
            session.add(SealedBallot(tag=bytes([number]) * 32, wave=wave.id, sealed=b"sealed"))
    assert number_of(candor.sessions, wave) == 8


def test_a_restart_in_mid_wave_knows_who_has_answered(candor: Candor) -> None:
    wave = begin(candor)
    vote(candor, wave, "U0ONE")
    engine = open_engine(candor.sessions.kw["bind"].url.render_as_string(hide_password=False))
    cast(session_factory(engine), KeyDirectory(keys_of(candor).path), wave, "U0ONE", YES, candor.clock())
    engine.dispose()
    assert number_of(candor.sessions, wave) == 1


def test_without_its_keys_nothing_is_stored_and_the_person_is_told(candor: Candor) -> None:
    wave = begin(candor)
    path = keys_of(candor).path
    elsewhere = path.rename(path.with_name(path.name + "-away"))
    with pytest.raises(CannotSeal, match="nothing of them was kept"):
        vote(candor, wave, "U0ONE")
    assert number_of(candor.sessions, wave) == 0
    elsewhere.rename(path)
    vote(candor, wave, "U0ONE")
    assert number_of(candor.sessions, wave) == 1


def test_after_closing_it_is_said_that_the_pulse_is_over_and_not_that_keys_are_missing(candor: Candor) -> None:
    wave = begin(candor)
    finish(candor, wave)
    with pytest.raises(WaveOver):
        vote(candor, wave, "U0LATE")


def test_a_wave_that_does_not_exist_takes_nothing(candor: Candor) -> None:
    wave = begin(candor)
    forged = Wave.model_validate(wave.model_dump() | {"id": "f" * 32})
    with pytest.raises(WaveOver):
        vote(candor, forged, "U0ONE")


def test_a_public_key_exchanged_in_the_database_seals_nothing(candor: Candor, tmp_path: Path) -> None:
    wave = begin(candor)
    mine = KeyDirectory(tmp_path / "attacker").make("mine")
    with candor.sessions.begin() as session:
        stored = waves.by_id(session, wave.id)
        assert stored is not None
        stored.public_key = mine.public.public_bytes_raw().hex()
        session.add(stored)
    changed = found(candor, wave)
    for number in range(5):
        vote(candor, changed, f"U0{number}")
    assert finish(candor, changed).outcome == "results"


def test_every_ballot_that_was_acknowledged_is_there_when_the_wave_stops_taking_them(candor: Candor) -> None:
    wave, now = begin(candor), candor.clock()
    acknowledged: list[str] = []
    refused: list[str] = []
    under_way = threading.Event()

    def submit(person: str) -> None:
        try:
            cast(candor.sessions, keys_of(candor), wave, person, YES, now)
        except WaveOver:
            refused.append(person)
        else:
            acknowledged.append(person)
        if len(acknowledged) > 20:
            under_way.set()

    with ThreadPoolExecutor(4) as threads:
        casting = [threads.submit(submit, f"U{number}") for number in range(400)]
        under_way.wait(30)
        freeze(candor.sessions, wave.id)
        frozen = number_of(candor.sessions, wave)
        for each in casting:
            each.result()
    assert acknowledged
    assert refused
    assert (len(acknowledged), len(acknowledged) + len(refused)) == (frozen, 400)


def test_a_design_that_looks_first_and_stores_afterwards_loses_an_acknowledged_ballot(candor: Candor) -> None:
    """The counter-proof of the test before."""
    wave = begin(candor)
    with reading(candor.sessions) as session:
        taking = waves.taking(session, candor.clock())
    freeze(candor.sessions, wave.id)
    frozen = number_of(candor.sessions, wave)
    assert taking is not None
    with candor.sessions.begin() as session:
        session.add(SealedBallot(tag=b"t" * 32, wave=taking.id, sealed=b"acknowledged"))
    assert number_of(candor.sessions, wave) > frozen


def test_two_replicas_that_close_at_once_publish_once(candor: Candor) -> None:
    wave = begin(candor)
    for number in range(12):
        vote(candor, wave, f"U{number}", comment=f"Comment {number}")
    together = threading.Barrier(4)

    def replica(_number: int) -> Wave | None:
        together.wait()
        return close(candor.sessions, keys_of(candor), wave.closes_at, patience=20, channel="C0NEWS")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(replica, range(4)))
    assert close(candor.sessions, keys_of(candor), wave.closes_at) is None
    assert found(candor, wave).outcome == "results"
    with reading(candor.sessions) as session:
        assert (len(ballots.tallies(session)), len(ballots.comments(session, wave.id))) == (3, 12)
        assert not session.exec(select(SealedBallot)).all()
        assert [post.channel for post in session.exec(select(ChannelPost))] == ["C0NEWS"]
    assert list(keys_of(candor).path.iterdir()) == []
