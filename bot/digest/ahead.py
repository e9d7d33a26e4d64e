"""Next week's digests, counted and sent in the mind."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.delivery.forecast import Forecast, Group, Opening, forecast
from bot.weeks import WEEK, decent_hours, iso_week, monday
from storage import preferences


def next_week(session: Session, now: datetime, per_minute: int) -> Forecast:
    """What becomes of the digests of the ISO week after the one of `now` (UTC), at this rate. Counts only."""
    week = monday(now.date()) + WEEK
    wanted = preferences.wanted(session, iso_week(week))
    groups = [Group(openings(week, weekday, hour, tz), number) for tz, weekday, hour, number in wanted]
    return forecast(groups, per_minute)


def openings(week: date, weekday: int, hour: int, tz: str) -> tuple[Opening, ...]:
    """When a digest may be sent in the ISO week that begins on `week`: from its day to Sunday, at decent hours."""
    return tuple(decent_hours(week + timedelta(days=day), hour, tz) for day in range(weekday, 7))
