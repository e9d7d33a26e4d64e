"""A pulse that only the trustee can open: HR sees whom it is sealed for before it opens, and where it is when it has
ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.pulse.trustee.keyfile import PUBLIC, keygen
from storage.database import SessionFactory
from tests.candor import HR, Candor, running
from tests.pulse.composing.acts import all_waves, end, manage, open_it, prepare, shown
from tests.pulse.world import vote


@pytest.fixture
def council(sessions: SessionFactory, tmp_path: Path) -> Iterator[tuple[Candor, str]]:
    """The bot with a trustee who has keys for two waves, and their fingerprint."""
    fingerprint = keygen(tmp_path / "council", 2)
    with running(sessions, trustee=tmp_path / "council" / PUBLIC) as candor:
        yield candor, fingerprint


def test_before_it_opens_hr_sees_for_whom_it_is_sealed(council: tuple[Candor, str]) -> None:
    candor, fingerprint = council
    assert prepare(candor).ok
    assert fingerprint in shown(candor.top_modal(HR))


def test_each_wave_takes_a_key_of_its_own_until_there_is_none_left(council: tuple[Candor, str]) -> None:
    candor, _ = council
    for _ in range(2):
        assert open_it(candor).ok
        end(candor)
        candor.clock.pass_by(days=14)
    first, second = all_waves(candor)
    assert first.public_key != second.public_key and first.trustee == second.trustee
    prepare(candor)
    assert "All keys of the trustee have been used" in shown(candor.top_modal(HR))


def test_when_it_has_ended_hr_sees_that_it_is_with_the_trustee(council: tuple[Candor, str]) -> None:
    candor, fingerprint = council
    assert open_it(candor).ok
    (wave,) = all_waves(candor)
    for number in range(5):
        vote(candor, wave, f"U0{number}")
    end(candor)
    page = shown(manage(candor))
    assert "is with the trustee" in page and fingerprint in page
