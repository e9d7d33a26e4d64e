"""The rules of every time zone, told apart by what they do, and when a wall clock shows a time."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from bot.weeks import monday
from tests.candor import START

WEEKS = 104
FIRST = datetime.combine(monday(START.date()), time(0), UTC)
LAST = FIRST + timedelta(weeks=WEEKS)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)

Change = tuple[datetime, timedelta]


@cache
def rule_sets() -> dict[tuple[Change, ...], str]:
    """One zone of the tz database for each distinct set of offsets and changes in these weeks."""
    return {tuple(changes(name)): name for name in sorted(available_timezones(), reverse=True)}


def changes(name: str) -> Iterator[Change]:
    """The moments from which another offset holds, to the second; the first one is the beginning."""
    zone, known = ZoneInfo(name), None
    moment = FIRST - DAY
    while moment < LAST + DAY:
        offset = moment.astimezone(zone).utcoffset()
        assert offset is not None
        if offset != known:
            yield (moment if known is None else _first_with(zone, offset, moment)), offset
        known, moment = offset, moment + DAY


def _first_with(zone: ZoneInfo, offset: timedelta, moment: datetime) -> datetime:
    before = moment - DAY
    while moment - before > SECOND:
        middle = before + (moment - before) // (2 * SECOND) * SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            moment = middle
        else:
            before = middle
    return moment


def wall_times(rules: tuple[Change, ...]) -> set[tuple[int, time]]:
    """The weekdays and times that a clock shows just before and just after each of these changes."""
    shown = set()
    for (_, before), (moment, after) in pairwise(rules):
        shown |= {(local.weekday(), local.time()) for local in (_naive(moment, before), _naive(moment, after))}
    return shown


def first_showing(rules: tuple[Change, ...], local: datetime) -> datetime:
    """The first moment at which a clock under these rules shows the naive `local`, in UTC.

    A time that no clock shows is taken at the offset before the change that skips it.
    """
    fitting = [local.replace(tzinfo=UTC) - offset for _, offset in rules]
    shown = [moment for moment in fitting if _naive(moment, offset_at(rules, moment)) == local]
    if shown:
        return min(shown)
    before = offset_at(rules, local.replace(tzinfo=UTC) - DAY)
    return local.replace(tzinfo=UTC) - before


def offset_at(rules: tuple[Change, ...], moment: datetime) -> timedelta:
    """What is added to UTC at `moment`."""
    return next((offset for begin, offset in reversed(rules) if begin <= moment), rules[0][1])


def _naive(moment: datetime, offset: timedelta) -> datetime:
    return (moment + offset).replace(tzinfo=None)
