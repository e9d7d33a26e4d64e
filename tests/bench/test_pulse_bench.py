"""The floors of the pulse's benches do the work that ours does."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine

from bot.pulse.envelope import Ballot, unpack
from bot.pulse.keys import KeyDirectory
from bot.pulse.sealing import SEALED, opened
from storage import ballots
from storage.database import reading, session_factory
from storage.tables import Wave
from tests.bench import databases, pulse_rows
from tests.bench.checkin_work import person_id
from tests.bench.pulse_floor import BareBallots
from tests.bench.pulse_work import ANSWERS, COMMENT, record, submit
from tests.bench.raw import committing
from tests.candor import Candor, Inline, running


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with getattr(databases, request.param)() as engine:
        yield engine


def test_the_bare_app_seals_and_stores_the_same_ballot_as_ours(engine: Engine) -> None:
    with running(session_factory(engine)) as candor, committing(engine) as commit:
        work = record(candor, [person_id(1)])
        bare = BareBallots(commit, work).app(candor.client, candor.sandbox.signing_secret, Inline())
        for app in (candor.app, bare):
            assert submit(app, work.body(person_id(1))) > 0
        stored = _opened(candor, work.wave, work.keys.private)
    # The model's, ours and the floor's.
    assert stored == [Ballot(ANSWERS, leader=False, comment=COMMENT)] * 3


def _opened(candor: Candor, wave: Wave, private: X25519PrivateKey | None) -> list[Ballot]:
    assert private is not None
    with reading(candor.sessions) as session:
        rows = [sealed for _tag, sealed in ballots.sealed(session, wave.id)]
    assert {len(sealed) for sealed in rows} == {SEALED}
    return [
        unpack(opened(ciphertext, private, wave.id)) for ciphertext in pulse_rows.ciphertexts(candor.sessions, wave)
    ]


def test_the_floor_of_closing_opens_every_ballot_that_was_cast(engine: Engine) -> None:
    with databases.folder() as folder:
        keys, sessions = KeyDirectory(folder / "keys"), session_factory(engine)
        pulse_rows.prepare(engine, 30)
        wave = pulse_rows.begin(sessions, keys, 0)
        pulse_rows.fill(engine, keys, wave, 30)
        private = keys.load(wave.id, wave.key_mark).private
        assert private is not None
        found = [unpack(opened(each, private, wave.id)) for each in pulse_rows.ciphertexts(sessions, wave)]
    assert sorted(map(repr, found)) == sorted(repr(pulse_rows.ballot(number)) for number in range(30))
