"""Opening a wave: once, whatever happens at the same moment, and never with keys that nobody has."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from bot.policy.versions import require_in_force, terms_of
from bot.pulse.keys import KeysUnusable
from bot.pulse.opening import NoWave, open_wave
from storage import waves
from storage.database import SessionFactory, reading
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.world import QUESTIONS, begin, keys_of, vote


def every_wave(candor: Candor) -> list[Wave]:
    with reading(candor.sessions) as session:
        return list(waves.every(session))


def test_of_several_that_open_at_once_one_does_and_no_other_keys_stay(candor: Candor) -> None:
    together = threading.Barrier(6)

    def open_one(_number: int) -> str:
        together.wait()
        try:
            return begin(candor).id
        except NoWave:
            return ""

    with ThreadPoolExecutor(6) as threads:
        opened = [each for each in threads.map(open_one, range(6)) if each]
    assert [wave.id for wave in every_wave(candor)] == opened
    assert len(opened) == 1
    assert keys_of(candor).waves() == set(opened)


class AnswerLost(sessionmaker[Session]):
    """Sessions whose first commit succeeds, but nobody hears of it: the connection is lost just then."""

    def __init__(self, like: SessionFactory):
        super().__init__(class_=Session, **like.kw)
        self.lost = False

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with super().begin() as session:
            yield session
        if not self.lost:
            self.lost = True
            raise OperationalError("COMMIT", {}, ConnectionError("the connection was lost"))


def test_a_wave_whose_commit_nobody_heard_of_keeps_its_keys(candor: Candor) -> None:
    now = candor.clock()
    terms = terms_of(require_in_force(candor.sessions, now))
    lost = AnswerLost(candor.sessions)
    with pytest.raises(OperationalError):
        open_wave(lost, keys_of(candor), QUESTIONS, terms, opened_by="command line", now=now)
    (wave,) = every_wave(candor)
    vote(candor, wave, "U0ONE")
    assert keys_of(candor).waves() == {wave.id}


def test_without_a_place_for_keys_no_wave_opens(candor: Candor) -> None:
    keys_of(candor).path.chmod(0o755)
    with pytest.raises(KeysUnusable, match="chmod 700"):
        begin(candor)
    assert every_wave(candor) == []


def test_a_wave_is_followed_by_the_next_one_after_two_weeks(candor: Candor) -> None:
    first = begin(candor)
    candor.clock.now = first.closes_at
    with pytest.raises(NoWave, match="has not ended yet"):
        begin(candor)
    candor.tick()
    with pytest.raises(NoWave, match="less than two weeks ago"):
        begin(candor)
    candor.clock.pass_by(days=7)
    assert begin(candor).number == 2


def test_the_database_knows_the_public_half_only(candor: Candor) -> None:
    wave = begin(candor)
    made = keys_of(candor).load(wave.id, wave.key_mark)
    assert made.private is not None
    assert wave.public_key == made.public.public_bytes_raw().hex()
    row = repr(wave)
    assert [key.hex() in row for key in (made.secret, made.private.private_bytes_raw())] == [False, False]
