"""A check-in: what a person reports for one week, and until when it can be corrected."""

from datetime import date, datetime

from bot.checkin.bands import HELPED, REWORK, SAVED
from bot.errors import CandorError, NotOptedIn, WeekClosed
from bot.weeks import closes_at, last_week
from storage import checkins, consents
from storage.database import SessionFactory
from storage.tables import CheckIn, Person

NOTE_LIMIT = 300


def reportable(week: date, now: datetime, tz: str) -> bool:
    """Whether the week that began on `week` has ended and can still be reported where the person is."""
    return week.weekday() == 0 and week <= last_week(now, tz) and now < closes_at(week, tz)


def report(sessions: SessionFactory, person: Person, check_in: CheckIn, now: datetime) -> None:
    """Store a check-in in place of an earlier one for the same week.

    Raises `WeekClosed` outside the time for it, `NotOptedIn` without a consent, `CandorError` for an answer that was
    never offered.
    """
    _require_offered(check_in)
    if not reportable(check_in.week, now, person.tz):
        raise WeekClosed
    with sessions.begin() as session:
        if consents.get(session, person.id) is None:
            raise NotOptedIn
        checkins.save(session, check_in)


def _require_offered(check_in: CheckIn) -> None:
    offered = check_in.saved in SAVED and check_in.rework in REWORK and set(check_in.helped) <= set(HELPED)
    if not offered or len(check_in.note or "") > NOTE_LIMIT:
        raise CandorError("That answer is not one of those offered. Please open the check-in again and choose anew.")
