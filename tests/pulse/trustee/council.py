"""A works council with keys of its own, and the bot whose waves are sealed for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.errors import OperatorError
from bot.pulse.closing import close
from bot.pulse.questions import Question
from bot.pulse.trustee import counting, exporting, keyfile, taking
from bot.pulse.trustee.export import Header, opened_export
from bot.pulse.trustee.keyfile import PrivateKeys
from bot.pulse.trustee.tallies import Tallies, signed, verified
from storage import ballots, waves
from storage.database import reading
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.world import QUESTIONS, begin, found, keys_of, vote


@dataclass
class Council:
    """`folder` is on the council's machine, `shared` is where files are handed over."""

    candor: Candor
    folder: Path
    shared: Path

    @property
    def private(self) -> Path:
        return self.folder / keyfile.PRIVATE

    @property
    def public(self) -> Path:
        return self.folder / keyfile.PUBLIC

    @property
    def export(self) -> Path:
        return self.shared / "ballots.candor"

    @property
    def tallies(self) -> Path:
        return self.shared / "tallies.json"

    @property
    def keys(self) -> PrivateKeys:
        return keyfile.read_private(self.private)

    @property
    def header(self) -> Header:
        with opened_export(self.export) as (header, _stream):
            return header

    @property
    def waiting(self) -> Wave:
        """The wave that has not ended."""
        with reading(self.candor.sessions) as session:
            wave = waves.unfinished(session)
        assert wave is not None
        return wave

    def begin(self, questions: Sequence[Question] = QUESTIONS, **more: Any) -> Wave:
        """Open a wave that only the council can open."""
        with reading(self.candor.sessions) as session:
            used = {wave.public_key for wave in waves.every(session)}
        return begin(self.candor, questions, trustee=keyfile.next_public(self.public, used), **more)

    def answered(self, people: int = 12, **more: Any) -> Wave:
        """A wave whose time is over, with answers of so many people; each has a comment of their own."""
        wave = self.begin(**more)
        for number in range(people):
            vote(self.candor, wave, f"U{number:03}", leader=number % 2 == 0, comment=f"Comment {number:03}")
        return self.over(wave)

    def over(self, wave: Wave) -> Wave:
        self.candor.clock.now = max(self.candor.clock.now, wave.closes_at)
        close(self.candor.sessions, keys_of(self.candor), self.candor.clock())
        return found(self.candor, wave)

    def hand_over(self) -> Header:
        return exporting.export(self.candor.sessions, keys_of(self.candor), self.export)

    def count(self) -> Tallies:
        return counting.close(self.export, self.private, self.tallies).tallies

    def hand_back(self) -> bool:
        return taking.take(self.candor.sessions, keys_of(self.candor), self.tallies.read_bytes())

    def sign(self, tallies: Tallies) -> None:
        """Hand over these tallies in place of the true ones, with the council's own signature."""
        self.tallies.write_bytes(signed(tallies, self.keys.signer))

    def signed_tallies(self) -> Tallies:
        return verified(self.tallies.read_bytes(), self.keys.verifying)

    def end(self, wave: Wave) -> Wave:
        """What the tick does next."""
        close(self.candor.sessions, keys_of(self.candor), self.candor.clock())
        return found(self.candor, wave)

    def published(self, wave: Wave) -> tuple[set[tuple[str, str, int | None, int | None]], list[str]]:
        with reading(self.candor.sessions) as session:
            mine = [each for each in ballots.tallies(session) if each.wave == wave.id]
            cells = {(each.question, each.segment, each.share, each.unsure) for each in mine}
            return cells, list(ballots.comments(session, wave.id))

    def sealed(self, wave: Wave) -> list[tuple[bytes, bytes]]:
        with reading(self.candor.sessions) as session:
            return list(ballots.sealed(session, wave.id))


def refused(council: Council, match: str) -> None:
    """The tallies are refused with these words, and the true ones are still good afterwards."""
    wave = found(council.candor, council.waiting)
    before = council.sealed(wave)
    with pytest.raises(OperatorError, match=match) as error:
        council.hand_back()
    assert str(error.value).endswith("Nothing was changed.")
    assert found(council.candor, wave).model_dump() == wave.model_dump()
    assert council.sealed(wave) == before
    assert len(list(keys_of(council.candor).path.iterdir())) == 1
