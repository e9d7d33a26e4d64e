"""A form asked for, and a form sent. Neither leaves anything behind but the sealed ballot."""

from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient

from bot.edge import Submission
from bot.pulse.ballot.answers import ballot_of
from bot.pulse.ballot.roster import Roster
from bot.pulse.ballot.standing import Voter, voter
from bot.pulse.casting import CannotSeal, WaveOver, cast
from bot.pulse.health import keyless
from bot.pulse.keys import KeyDirectory
from bot.pulse.questions import Question
from bot.weeks import Clock
from storage import voting, waves
from storage.database import SessionFactory, quick_reading, reading
from storage.tables import Wave


@dataclass(frozen=True)
class Asked:
    """A person, and the wave that takes ballots at this moment; None while there is none."""

    voter: Voter
    wave: Wave | None


class Booth:
    """Where forms are asked for and sent. Keeps nothing itself: who may answer is in the roster."""

    def __init__(
        self, roster: Roster, sessions: SessionFactory, client: WebClient, keys: KeyDirectory, clock: Clock
    ) -> None:
        self._roster, self._sessions, self._client, self._keys, self._clock = roster, sessions, client, keys, clock

    def asked(self, user: str) -> Asked:
        """Whom a form is for, and of which wave. Raises `NotAsked`, and `CannotSeal` where nothing filled in could be
        sent: better before the questions than after them."""
        now, found = self._clock(), self._voter(user)
        with reading(self._sessions) as session:
            wave = waves.taking(session, now)
        if keyless(self._sessions, self._keys, wave):
            raise CannotSeal
        return Asked(found, wave)

    def send(self, form: Submission) -> tuple[Voter, datetime]:
        """Seal and store what the form holds; whose it is, and until when it can be replaced.

        Raises `NotAsked`, `WaveOver`, `CannotSeal`, and what `ballot_of` raises; then nothing is stored.
        """
        now = self._clock()
        with quick_reading(self._sessions) as connection:
            wave = voting.wave(connection, form.subject)
        if wave is None:
            raise WaveOver
        person = self._voter(form.user)
        questions = [Question.model_validate(each) for each in wave.questions]
        ballot = ballot_of(questions, form.values, person.leader)
        cast(self._sessions, self._keys, wave, person.id, ballot, now)
        return person, wave.closes_at

    def _voter(self, user: str) -> Voter:
        return voter(self._roster, self._sessions, self._client, user)
