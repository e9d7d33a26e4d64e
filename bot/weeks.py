"""Weeks and local hours: ISO weeks (Monday to Sunday) in a person's own zone, UTC below the edge."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Clock = Callable[[], datetime]
WEEK = timedelta(days=7)
_WINDOW_HOURS = 3
DIGEST_WINDOW = timedelta(hours=_WINDOW_HOURS)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of this name; UTC for a name that the tz database does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def monday(day: date) -> date:
    """The Monday of the ISO week that holds `day`."""
    return day - timedelta(days=day.weekday())


def first_kept(weeks: int, now: datetime) -> date:
    """The Monday of the oldest week that is still kept for so many weeks: they are counted in whole weeks, in UTC, from
    the end of the week that something is about."""
    return monday(now.astimezone(UTC).date()) - weeks * WEEK


def iso_week(day: date) -> str:
    """The ISO week of `day` as "2026-W47"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def local_day(now: datetime, tz: str) -> date:
    """The calendar day at `now` where the person is."""
    return now.astimezone(zone(tz)).date()


def last_week(now: datetime, tz: str) -> date:
    """The Monday of the newest week that has ended where the person is: the week a check-in is about."""
    return monday(local_day(now, tz)) - WEEK


def closes_at(week: date, tz: str) -> datetime:
    """When the check-in of the week that began on `week` can no longer be corrected, in UTC.

    That is the Sunday after the week, 24:00 local.
    """
    return at_local(week + 2 * WEEK, time(0), tz)


def at_local(day: date, at: time, tz: str) -> datetime:
    """`at` on `day` where the person is, in UTC.

    A time that a clock change skips is taken at the offset before it, one that comes twice is its first.
    """
    return datetime.combine(day, at, zone(tz)).astimezone(UTC)


def week_slot(day: date, weekday: int, at: time, tz: str) -> datetime:
    """When the digest is due in the ISO week that holds `day`, in UTC."""
    return at_local(monday(day) + timedelta(days=weekday), at, tz)


def next_slot(now: datetime, weekday: int, at: time, tz: str) -> datetime:
    """The first digest time strictly after `now`, in UTC."""
    week = local_day(now, tz)
    while (slot := week_slot(week, weekday, at, tz)) <= now:
        week += WEEK
    return slot


def decent_hours(day: date, hour: int, tz: str) -> tuple[datetime, datetime]:
    """From when until when a digest wanted at `hour` may arrive on `day`, in UTC: until three hours later or 20:00
    local, whichever is later."""
    days, until = divmod(_decent_until(hour), 24)
    return at_local(day, time(hour), tz), at_local(day + timedelta(days=days), time(until), tz)


def _decent_until(hour: int) -> int:
    """The local hour, counted on beyond 24 into the next day."""
    return max(hour + _WINDOW_HOURS, 20)


def next_decent_time(now: datetime, hour: int, tz: str) -> datetime | None:
    """None when `now` is a decent time for a digest wanted at `hour`; else when the next one begins, in UTC.

    A digest that an outage held back does not arrive at night; see `decent_hours`.
    """
    local = now.astimezone(zone(tz))
    until = _decent_until(hour)
    if hour <= local.hour < until or local.hour < until - 24:
        return None
    day = local.date() if local.hour < hour else local.date() + timedelta(days=1)
    return at_local(day, time(hour), tz)


# Charts ask for the same few days again and again.
@lru_cache(maxsize=1024)
def short_day(day: date) -> str:
    """A day without its weekday: "16 Nov"."""
    return f"{day.day} {day:%b}"


def day_words(day: date) -> str:
    """A day as people say it: "Mon 16 Nov"."""
    return f"{day:%a} {short_day(day)}"


def moment_words(moment: datetime, tz: str) -> str:
    """A moment where the person is: "Mon 16 Nov, 13:00"."""
    local = moment.astimezone(zone(tz))
    return f"{day_words(local.date())}, {local:%H:%M}"


def week_words(week: date) -> str:
    """A week as people say it: "16–22 Nov" or "30 Nov – 6 Dec"."""
    end = week + timedelta(days=6)
    if week.month == end.month:
        return f"{week.day}–{short_day(end)}"
    return f"{short_day(week)} – {short_day(end)}"


def arrival(weekday: int, hour: int) -> str:
    """When the digest comes, as promised on screen: "Mondays between 09:00 and 12:00, your time"."""
    until = (hour + _WINDOW_HOURS) % 24
    return f"{WEEKDAYS[weekday]}s between {hour:02d}:00 and {until:02d}:00, your time"
