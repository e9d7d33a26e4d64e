"""Whether the pulse opens as the policy says: for `candor doctor`."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.policy.publishing.words import date_words
from bot.pulse.composing.rhythm import next_hour
from bot.pulse.composing.situation import Situation, situation
from bot.pulse.composing.starting import trustee_words
from bot.pulse.opening import NoWave
from bot.settings import Settings
from storage.database import SessionFactory

NAME = "next pulse"
# A tick comes every few seconds; what has not opened by then does not open.
LATE = timedelta(hours=1)


def examine(settings: Settings, sessions: SessionFactory, now: datetime) -> Iterator[tuple[str, bool, str]]:
    """Each check as (name, whether it is well, what was found with the mend). Raises `SQLAlchemyError` where there is
    no database to look into."""
    try:
        yield _rhythm(situation(sessions, now))
    except NoWave as error:
        yield NAME, True, str(error)
    if settings.trustee is not None:
        yield _trustee(settings, sessions)


def _rhythm(seen: Situation) -> tuple[str, bool, str]:
    if seen.unfinished is not None:
        return NAME, True, f"after pulse {seen.unfinished.number}, which has not ended"
    first = next_hour(seen.rhythm.due_from)
    if seen.rhythm.due and seen.now > first + LATE:
        said = f"has been due since {date_words(first)} and has not opened: does candor run? Its log says why"
        return NAME, False, said
    words = date_words(seen.rhythm.opens_by_itself)
    return NAME, True, f"opens by itself from {words} on, every {seen.terms.pulse_weeks} weeks"


def _trustee(settings: Settings, sessions: SessionFactory) -> tuple[str, bool, str]:
    try:
        return "trustee", True, f"the next pulse is sealed for {trustee_words(sessions, settings)}"
    except NoWave as error:
        return "trustee", False, str(error)
