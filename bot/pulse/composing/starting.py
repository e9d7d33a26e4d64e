"""Opening a wave with what the settings name: the key directory and, where there is one, the trustee's public keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.pulse.composing.situation import Situation, situation
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import LENGTH, Trustee, open_wave, wave_of
from bot.pulse.questions import Question
from bot.pulse.trustee.keyfile import fingerprint, next_public
from bot.settings import Settings
from storage import waves
from storage.database import SessionFactory, reading
from storage.tables import Wave

# Who opened a wave that nobody did.
RHYTHM = "rhythm"


def start(
    sessions: SessionFactory,
    settings: Settings,
    *,
    opened_by: str,
    now: datetime,
    questions: Sequence[Question] = (),
    length: timedelta = LENGTH,
) -> Wave:
    """Open the next wave; without `questions` it asks those whose turn it is.

    Raises `NoWave` while it cannot be opened, also for want of the trustee's keys, and `KeysUnusable`.
    """
    seen = situation(sessions, now)
    return open_wave(
        sessions,
        KeyDirectory(settings.keys),
        questions or seen.default,
        seen.terms,
        opened_by=opened_by,
        now=now,
        length=length,
        trustee=trustee_of(sessions, settings),
        channel=settings.channel,
    )


def draft(seen: Situation, questions: Sequence[Question], length: timedelta, trustee: Trustee | None) -> Wave:
    """The wave that would open now with these questions, without keys and never stored: to be looked at."""
    wave = wave_of(questions, seen.terms, now=seen.now, length=length, trustee=trustee)
    wave.number, wave.policy_number = len(seen.earlier) + 1, seen.policy.number
    return wave


def trustee_of(sessions: SessionFactory, settings: Settings) -> Trustee | None:
    """Whom the next wave is sealed for; None where the server opens the ballots itself. Raises `NoWave` when the
    trustee's keys cannot be used, or are used up."""
    if settings.trustee is None:
        return None
    with reading(sessions) as session:
        used = {wave.public_key for wave in waves.every(session)}
    return next_public(settings.trustee, used)


def trustee_words(sessions: SessionFactory, settings: Settings) -> str | None:
    """The fingerprint that the trustee announces; None without one. Raises `NoWave`."""
    trustee = trustee_of(sessions, settings)
    return fingerprint(trustee.verifying) if trustee else None
