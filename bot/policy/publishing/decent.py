"""When a notice or an invitation may come: at a decent hour of a weekday, where the person is."""

from datetime import date, datetime, time, timedelta

from bot.weeks import WEEK, at_local, local_day, monday, next_decent_time

_SATURDAY = 5


def weekday_from(day: date) -> date:
    """The day itself; of a Saturday or Sunday the Monday after it."""
    return day if day.weekday() < _SATURDAY else monday(day) + WEEK


def first_weekday(now: datetime, hour: int, tz: str) -> date:
    """The first weekday whose `hour` is not over at `now`, where the person is."""
    today = local_day(now, tz)
    return weekday_from(today if at_local(today, time(hour), tz) >= now else today + timedelta(days=1))


def next_weekday_time(now: datetime, hour: int, tz: str) -> datetime | None:
    """None when `now` is a decent time of a weekday for a notice wanted at `hour`; else when one begins, in UTC."""
    decent = next_decent_time(now, hour, tz)
    day = local_day(decent or now, tz)
    return decent if day.weekday() < _SATURDAY else at_local(weekday_from(day), time(hour), tz)
