"""When a person's digest comes: their own day and hour, one skipped, or none for now."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotOptedIn
from bot.weeks import day_words, iso_week, local_day, next_slot, zone
from storage import consents, preferences
from storage.database import SessionFactory
from storage.tables import Person


@dataclass(frozen=True)
class Wish:
    """What the settings form was filled with; `weekday` 0 is Monday, `hour` is 0 to 23 where the person is."""

    weekday: int
    hour: int
    figures_in_dm: bool
    paused: bool


def save_wish(sessions: SessionFactory, person: Person, wish: Wish, now: datetime) -> None:
    """Store day, hour, pause and where figures are shown; the next digest comes at the next such hour."""
    with sessions.begin() as session:
        preference = preferences.get(session, person.id)
        if preference is None:
            raise NotOptedIn
        if (preference.weekday, preference.hour) != (wish.weekday, wish.hour):
            preference.next_due = next_slot(now, wish.weekday, wish.hour, person.tz)
        preference.weekday, preference.hour, preference.paused = wish.weekday, wish.hour, wish.paused
        consents.set_figures_in_dm(session, person.id, wish.figures_in_dm)


def skip_next(sessions: SessionFactory, person: Person, now: datetime) -> str:
    """Leave out the next digest; returns what to tell the person."""
    with sessions.begin() as session:
        preference = preferences.get(session, person.id)
        if preference is None:
            raise NotOptedIn
        due = preference.next_due or next_slot(now, preference.weekday, preference.hour, person.tz)
        day = local_day(due, person.tz)
        preference.skip_week = iso_week(day)
        following = next_slot(due, preference.weekday, preference.hour, person.tz).astimezone(zone(person.tz))
    return f"The message of {day_words(day)} is left out. The next one comes on {day_words(following.date())}."


def pause(sessions: SessionFactory, person: Person, paused: bool, now: datetime) -> str:
    """Pause the digest or take it up again; returns what to tell the person."""
    with sessions.begin() as session:
        preference = preferences.get(session, person.id)
        if preference is None:
            raise NotOptedIn
        preference.paused = paused
    if paused:
        return (
            "No more messages until you take them up again (type `resume`). Your usage is still collected; to end "
            "that, type `stop`."
        )
    first = next_slot(now, preference.weekday, preference.hour, person.tz).astimezone(zone(person.tz))
    return f"Messages are on again. The next one comes on {day_words(first.date())}."
