"""Which season a week belongs to, and when a week is released."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from bot.weeks import WEEK, monday

WEEKS = 12
# Who reported in these weeks before a season counts in it.
COUNTED_FROM = 4 * WEEK
# West of all zones a week can be corrected until the Monday eight days after it, 12:00 UTC: from then on it is frozen.
_CUT_OFF = timedelta(days=14, hours=12)

# For so many weeks all that counts in a season has to be kept: whose last check-in is deleted in between does not count
# any more, and the pause of a small team would show that they did. The oldest check-in that counts is of the first of
# the weeks before the season; the last release is made when the season's last week is frozen, or up to a week late: a
# term in whole weeks, which lasts until the Monday after it, covers that.
CHECK_INS_KEPT = COUNTED_FROM // WEEK + WEEKS + _CUT_OFF // WEEK
# A leaver's time counts from the moment of leaving, at the earliest the season's first day: so one week more for that
# late release, and none of the weeks before.
LEAVERS_KEPT = WEEKS + _CUT_OFF // WEEK + 1


class Span(NamedTuple):
    """A season by the calendar: its number, from 1 on, and its first week."""

    number: int
    first_week: date

    @property
    def counted_from(self) -> date:
        """The first of the weeks before the season in which a check-in makes a person count in it."""
        return self.first_week - COUNTED_FROM

    @property
    def last_week(self) -> date:
        return self.first_week + (WEEKS - 1) * WEEK

    @property
    def last_day(self) -> date:
        """The last day that its weeks hold: until then the same people count in the same teams."""
        return self.last_week + WEEK - timedelta(days=1)

    @property
    def next(self) -> "Span":
        return Span(self.number + 1, self.first_week + WEEKS * WEEK)


def first_week_after(began: date) -> date:
    """The first week of the first season, where the first policy took effect on the day `began`."""
    return monday(began) + COUNTED_FROM


def season_of(week: date, began: date) -> Span | None:
    """The season that holds this week; None before the first one.

    `began` is the day on which the first policy took effect: the first season begins four weeks later.
    """
    first = first_week_after(began)
    seasons, _ = divmod((week - first).days, WEEKS * WEEK.days)
    return Span(seasons + 1, first + seasons * WEEKS * WEEK) if seasons >= 0 else None


def cut_off(week: date) -> datetime:
    """When the week that began on this Monday is frozen: nobody can report or correct it any more."""
    return datetime.combine(week, time(0), UTC) + _CUT_OFF


def due_week(now: datetime) -> date:
    """The newest week that is to be released at `now`."""
    return monday((now.astimezone(UTC) - _CUT_OFF).date())


def newest_over(by: date) -> date:
    """The newest first week of a season that was over by this day, with the next season's first release out."""
    return monday(by) - WEEKS * WEEK - timedelta(days=_CUT_OFF.days)
