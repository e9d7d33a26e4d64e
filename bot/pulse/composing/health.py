"""Whether the pulse opens as the policy says: for `candor doctor`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.policy.publishing.words import date_words
from bot.pulse.composing.rhythm import next_hour
from bot.pulse.composing.situation import Situation, situation
from bot.pulse.composing.starting import trustee_words
from bot.pulse.opening import NoWave
from bot.settings import Settings
from bot.troubles import Finding
from storage.database import SessionFactory

NAME = "next pulse"
# A tick comes every few seconds; what has not opened by then does not open.
LATE = timedelta(hours=1)


def examine(settings: Settings, sessions: SessionFactory, now: datetime) -> Iterator[Finding]:
    """Every check; raises `SQLAlchemyError` where there is no database to look into."""
    try:
        yield _rhythm(situation(sessions, now))
    except NoWave as error:
        yield Finding(NAME, True, str(error))
    if settings.trustee is not None:
        yield _trustee(settings, sessions)


def _rhythm(seen: Situation) -> Finding:
    if seen.unfinished is not None:
        return Finding(NAME, True, f"after pulse {seen.unfinished.number}, which has not ended")
    first = next_hour(seen.rhythm.due_from)
    if seen.rhythm.due and seen.now > first + LATE:
        said = f"has been due since {date_words(first)} and has not opened: does candor run? Its log says why"
        return Finding(NAME, False, said)
    words = date_words(seen.rhythm.opens_by_itself)
    return Finding(NAME, True, f"opens by itself from {words} on, every {seen.terms.pulse_weeks} weeks")


def _trustee(settings: Settings, sessions: SessionFactory) -> Finding:
    try:
        return Finding("trustee", True, f"the next pulse is sealed for {trustee_words(sessions, settings)}")
    except NoWave as error:
        return Finding("trustee", False, str(error))
