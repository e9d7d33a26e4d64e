"""When a wave opens by itself: the policy's weeks after the last one, at an hour when people are at work."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.policy.terms import Terms, stored_terms
from bot.pulse.opening import APART, NoPolicy
from bot.weeks import WEEK, monday
from storage import policies, waves
from storage.database import Session
from storage.tables import Wave

# Opened on a Friday, it would lie over the weekend before most people see it.
_LAST_DAY = 3
_FROM, _UNTIL = time(8), time(16)


@dataclass(frozen=True)
class Rhythm:
    """What the rhythm goes by at `now`: the terms in force, when the first version of the policy took effect, and the
    newest wave, None before the first one."""

    terms: Terms
    first_in_force: datetime
    newest: Wave | None
    now: datetime

    @property
    def unfinished(self) -> Wave | None:
        """The wave that has not closed: no other opens before it has."""
        return self.newest if self.newest and self.newest.state != waves.State.CLOSED.value else None

    @property
    def due_from(self) -> datetime:
        """From when on the next wave is due."""
        return due_from(self.terms, self.first_in_force, self.newest.opened_at if self.newest else None)

    @property
    def due(self) -> bool:
        """Whether the next wave opens by itself now."""
        return self.unfinished is None and is_due(self.due_from, self.now)

    @property
    def opens_by_itself(self) -> datetime:
        """When the next wave opens unless HR opens one before."""
        return next_hour(max(self.due_from, self.now))


def rhythm_at(session: Session, now: datetime) -> Rhythm:
    """The rhythm at `now`, for which no policy's text is read: every minute asks for it. Raises `NoPolicy`."""
    versions = policies.outlines(session)
    policy = next((each for each in reversed(versions) if each.in_force_from <= now), None)
    if policy is None:
        raise NoPolicy
    return Rhythm(stored_terms(policy.terms), versions[0].in_force_from, waves.newest(session), now)


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
