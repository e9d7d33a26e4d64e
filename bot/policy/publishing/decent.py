"""When a notice may come: at a decent hour of a weekday, where the person is."""

from datetime import date, datetime, time

from bot.weeks import WEEK, at_local, local_day, monday, next_decent_time

_SATURDAY = 5


def weekday_from(day: date) -> date:
    """The day itself; of a Saturday or Sunday the Monday after it."""
    return day if day.weekday() < _SATURDAY else monday(day) + WEEK


def next_weekday_time(now: datetime, hour: int, tz: str) -> datetime | None:
    """None when `now` is a decent time of a weekday for a notice wanted at `hour`; else when one begins, in UTC."""
    decent = next_decent_time(now, hour, tz)
    day = local_day(decent or now, tz)
    return decent if day.weekday() < _SATURDAY else at_local(weekday_from(day), time(hour), tz)
