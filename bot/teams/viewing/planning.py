"""One message a week to whoever manages a team of which something is shown: planned once, whatever breaks."""

from collections.abc import Iterator
from datetime import date, datetime, time

from bot.policy.publishing.decent import first_weekday
from bot.policy.versions import current_terms
from bot.teams.calendar import cut_off
from bot.weeks import WEEK, at_local, iso_week
from storage import deliveries, releases, viewing
from storage.database import Session, SessionFactory, reading
from storage.deliveries import SUMMARY, Owed
from storage.viewing import ToTell

KIND = SUMMARY


def key_of(week: date) -> str:
    """The ISO week that the messages about a released week have in their key: the one in which it was due."""
    return iso_week(cut_off(week).date())


def over_at(week: date) -> datetime:
    """From when on the next week's release takes its place."""
    return cut_off(week + WEEK)


def hour_of_invitations(session: Session, now: datetime) -> int | None:
    """The local hour of invitations by the policy in force; None: no policy is."""
    terms = current_terms(session, now)
    return terms.hours.invitations if terms else None


def plan(sessions: SessionFactory, workspace_id: str, now: datetime) -> int:
    """Plan the messages about the newest release; returns how many new ones there are.

    Safe to repeat, and to run in several processes at once.
    """
    with reading(sessions) as session:
        if not _to_tell(session, now):
            return 0
    with sessions.begin() as session:
        return deliveries.plan(session, workspace_id, _to_tell(session, now))


def _to_tell(session: Session, now: datetime) -> list[Owed]:
    release, at = releases.newest(session), hour_of_invitations(session, now)
    if release is None or at is None or now >= over_at(release.week):
        return []
    key = key_of(release.week)
    return list(_owed(viewing.to_be_told(session, release, key), release.week, at, now))


def _owed(people: list[ToTell], week: date, hour: int, now: datetime) -> Iterator[Owed]:
    due: dict[str, datetime] = {}
    for person, tz in people:
        if tz not in due:
            due[tz] = at_local(first_weekday(now, hour, tz), time(hour), tz)
        if due[tz] < over_at(week):
            yield Owed(person, KIND, key_of(week), due[tz])
