"""When a wave opens by itself: the policy's weeks after the last one, at an hour when people are at work."""

from datetime import UTC, date, datetime, time, timedelta

from bot.policy.terms import Terms
from bot.pulse.opening import APART
from bot.weeks import WEEK, monday

# Opened on a Friday, it would lie over the weekend before most people see it.
_LAST_DAY = 3
_FROM, _UNTIL = time(8), time(16)


def due_from(terms: Terms, first_in_force: datetime, last_opened: datetime | None) -> datetime:
    """From when on the next wave is due, in UTC: so many weeks after the Monday of the week in which the last one
    opened, or after the moment when the first version of the policy took effect."""
    weeks = terms.pulse_weeks * WEEK
    if last_opened is None:
        return first_in_force.astimezone(UTC) + weeks
    opened = last_opened.astimezone(UTC)
    return max(_start_of(monday(opened.date()) + weeks), opened + APART)


def is_due(due: datetime, now: datetime) -> bool:
    """Whether a wave that is due from `due` on opens at `now`."""
    return due <= now and next_hour(now) == now


def next_hour(moment: datetime) -> datetime:
    """The first moment, not before this one, at which a wave may open by itself: Monday to Thursday, 08:00 to 16:00
    UTC."""
    at = moment.astimezone(UTC)
    if at.time() >= _UNTIL:
        at = _start_of(at.date() + timedelta(days=1))
    while at.weekday() > _LAST_DAY:
        at = _start_of(at.date() + timedelta(days=1))
    return max(at, datetime.combine(at.date(), _FROM, UTC))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
