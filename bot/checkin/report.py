"""A check-in: what a person reports for one week, and until when it can be corrected."""

from datetime import date, datetime

from bot.checkin.bands import HELPED, REWORK, SAVED
from bot.errors import CandorError, NotOptedIn, WeekClosed
from bot.weeks import closes_at, last_week
from storage import checkins
from storage.checkins import Report
from storage.database import SessionFactory, quick

NOTE_LIMIT = 300


def reportable(week: date, now: datetime, tz: str) -> bool:
    """Whether the week that began on `week` has ended and can still be reported where the person is."""
    return week.weekday() == 0 and week <= last_week(now, tz) and now < closes_at(week, tz)


def report(sessions: SessionFactory, check_in: Report, now: datetime) -> None:
    """Store a check-in in place of an earlier one for the same week.

    Raises `NotOptedIn` for somebody without a consent, `WeekClosed` outside the time for it, `CandorError` for an
    answer that was never offered.
    """
    _require_offered(check_in)
    with quick(sessions) as connection:
        tz = checkins.zone_of_reporter(connection, check_in.person_id)
        if tz is None:
            raise NotOptedIn
        if not reportable(check_in.week, now, tz):
            raise WeekClosed
        checkins.save(connection, check_in)


def _require_offered(check_in: Report) -> None:
    offered = check_in.saved in SAVED and check_in.rework in REWORK and set(check_in.helped) <= set(HELPED)
    if not offered or len(check_in.note or "") > NOTE_LIMIT:
        raise CandorError("That answer is not one of those offered. Please open the check-in again and choose anew.")
