"""The shell in which an operator, or the works council, types `candor pulse`; Slack is out of reach."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.pulse.casting import cast
from bot.pulse.envelope import Ballot
from bot.pulse.keys import KeyDirectory
from storage import waves
from storage.database import SessionFactory, reading
from storage.tables import Wave
from tests.shell import shell_env

# The commands take the time from the machine.
NOW = datetime.now(UTC).replace(microsecond=0)


class Desk:
    """An operator's shell, on a database with the sample policy in force."""

    def __init__(self, sessions: SessionFactory, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sessions, self.folder, self.monkeypatch = sessions, folder, monkeypatch
        keys = str(folder / "keys")
        self.env = shell_env(sessions.kw["bind"], CANDOR_KEYS=keys, CANDOR_CHANNEL="C0POLICY")

    def run(self, *words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, ["pulse", *words], env=self.env, input=typed)

    def said(self, *words: str, typed: str | None = None) -> str:
        result = self.run(*words, typed=typed)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    def refused(self, *words: str, typed: str | None = None) -> str:
        result = self.run(*words, typed=typed)
        assert result.exit_code == 1 and result.exception is not None, result.output
        return str(result.exception)

    @property
    def wave(self) -> Wave:
        with reading(self.sessions) as session:
            found = waves.newest(session)
        assert found is not None
        return found

    def grown_old(self) -> None:
        """As if the pulse had opened six days ago: whatever day it is, two of them were weekdays."""
        with self.sessions.begin() as session:
            wave = waves.newest(session)
            assert wave is not None
            wave.opened_at -= timedelta(days=6)
            session.add(wave)

    def closed(self) -> str:
        """Close the pulse as soon as that can be; returns what was said."""
        self.grown_old()
        return self.said("close", "--yes")

    def answered(self, number: int) -> None:
        keys = KeyDirectory(self.folder / "keys")
        answers = {question["id"]: "5" for question in self.wave.questions if question["scale"]}
        for each in range(number):
            ballot = Ballot(answers, leader=False, comment=f"Comment {each:02} [bold]as typed[/bold]")
            cast(self.sessions, keys, self.wave, f"U{each:03}", ballot, NOW)
