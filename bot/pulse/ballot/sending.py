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
from storage import voting, waves
from storage.database import SessionFactory, quick_reading, reading
from storage.tables import Wave


@dataclass(frozen=True)
class Asked:
    """A person, and the wave that takes ballots at this moment; None while there is none."""

    voter: Voter
    wave: Wave | None


def asked(
    roster: Roster, sessions: SessionFactory, client: WebClient, keys: KeyDirectory, user: str, now: datetime
) -> Asked:
    """Whom a form is for, and of which wave. Raises `NotAsked`, and `CannotSeal` where nothing filled in could be
    sent: better before the questions than after them."""
    found = voter(roster, sessions, client, user)
    with reading(sessions) as session:
        wave = waves.taking(session, now)
    if keyless(sessions, keys, wave):
        raise CannotSeal
    return Asked(found, wave)


def send(
    roster: Roster, sessions: SessionFactory, client: WebClient, keys: KeyDirectory, form: Submission, now: datetime
) -> tuple[Voter, datetime]:
    """Seal and store what the form holds; whose it is, and until when it can be replaced.

    Raises `NotAsked`, `WaveOver`, `CannotSeal`, and what `ballot_of` raises; then nothing is stored.
    """
    with quick_reading(sessions) as connection:
        wave = voting.wave(connection, form.subject)
    if wave is None:
        raise WaveOver
    person = voter(roster, sessions, client, form.user)
    questions = [Question.model_validate(each) for each in wave.questions]
    cast(sessions, keys, wave, person.id, ballot_of(questions, form.values, person.leader), now)
    return person, wave.closes_at
