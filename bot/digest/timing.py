"""When a person's digest comes: their own day and hour, one skipped, or none for now."""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.errors import CandorError, NotOptedIn
from bot.weeks import WEEK, day_words, iso_week, local_day, next_slot, week_slot
from storage import consents, deliveries, preferences
from storage.database import Session, SessionFactory
from storage.tables import Person, Preference


@dataclass(frozen=True)
class Wish:
    """What the settings form was filled with; `weekday` 0 is Monday, `hour` is 0 to 23 where the person is."""

    weekday: int
    hour: int
    figures_in_dm: bool
    paused: bool


def save_wish(sessions: SessionFactory, person: Person, wish: Wish, now: datetime) -> None:
    """Store day, hour, pause and where figures are shown; the next digest comes at the next such hour."""
    _require_offered(wish)
    with sessions.begin() as session:
        preference = _mine(session, person)
        if (preference.weekday, preference.hour) != (wish.weekday, wish.hour):
            preference.next_due = _next_free(session, person, wish.weekday, wish.hour, now)
        preference.weekday, preference.hour, preference.paused = wish.weekday, wish.hour, wish.paused
        consents.set_figures_in_dm(session, person.id, wish.figures_in_dm)


def skip_next(sessions: SessionFactory, person: Person, now: datetime) -> str:
    """Leave out the next digest; returns what to tell the person."""
    with sessions.begin() as session:
        preference = _mine(session, person)
        due = preference.next_due or next_slot(now, preference.weekday, time(preference.hour), person.tz)
        day = local_day(due, person.tz)
        preference.skip_week = iso_week(day)
        following = next_day(preference, person.tz, now)
    return f"The message of {day_words(day)} is left out. The next one comes on {day_words(following)}."


def pause(sessions: SessionFactory, person: Person, paused: bool, now: datetime) -> str:
    """Pause the digest or take it up again; returns what to tell the person."""
    with sessions.begin() as session:
        preference = _mine(session, person)
        preference.paused = paused
    if paused:
        return (
            "No more weekly messages until you take them up again (type `resume`). If the policy changes, one notice "
            "still comes. So do invitations to a pulse; Candor's Home tab has the button that ends them. Your usage is "
            "still collected; to end that, type `stop`."
        )
    return f"Messages are on again. The next one comes on {day_words(next_day(preference, person.tz, now))}."


def next_day(preference: Preference, tz: str, now: datetime) -> date:
    """The day of the next digest where the person is, a skipped one left out."""
    due = preference.next_due or next_slot(now, preference.weekday, time(preference.hour), tz)
    if iso_week(local_day(due, tz)) == preference.skip_week:
        due = next_slot(due, preference.weekday, time(preference.hour), tz)
    return local_day(due, tz)


def _mine(session: Session, person: Person) -> Preference:
    """The person's preference, while nobody can opt them out; raises `NotOptedIn`."""
    preference = preferences.get(session, person.id) if consents.hold(session, person.id) else None
    if preference is None:
        raise NotOptedIn
    return preference


def _next_free(session: Session, person: Person, weekday: int, hour: int, now: datetime) -> datetime:
    """The first such time in a week that has no digest yet."""
    slot = next_slot(now, weekday, time(hour), person.tz)
    if deliveries.exists(session, person.id, deliveries.DIGEST, iso_week(local_day(slot, person.tz))):
        slot = week_slot(local_day(slot, person.tz) + WEEK, weekday, time(hour), person.tz)
    return slot


def _require_offered(wish: Wish) -> None:
    if wish.weekday not in range(7) or wish.hour not in range(24):
        raise CandorError("That day or hour is not one of those offered. Please open the settings again.")
