"""Whoever lost a team keeps nothing of its summary: what they opened of it, and took as a file, is deleted in Slack."""

from collections.abc import Collection
from datetime import datetime

from bot.teams.rights import allowed, hr_season, policy_viewers, role_of
from storage import deletions, viewing
from storage.database import Session, SessionFactory, reading


def forget_messages(session: Session, viewers: Collection[str], now: datetime) -> int:
    """Queue the deletion of every summary that these people (Slack ids) opened as managers, messages, files and Home
    tabs; returns how many these are.

    In the transaction in which they lose their team; Slack is asked by the ticks that follow.
    """
    return len(deletions.queue_kinds_of(session, viewers, deletions.OF_MANAGERS, now)) if viewers else 0


def forget_without_right(sessions: SessionFactory, hr: Collection[str] | None, now: datetime) -> int:
    """The same for everybody who has no right any more to any summary in the office they opened theirs in, whatever
    took it: another policy, a new season, HR's group. Returns how many messages, files and Home tabs these are.

    `hr` is everybody of HR by Slack id; None: Slack does not say, and what was opened as HR waits.
    """
    with reading(sessions) as session:
        managers, of_hr = _without_right(session, hr, now)
    if not managers and not of_hr:
        return 0
    with sessions.begin() as session:
        queued = deletions.queue_kinds_of(session, of_hr, deletions.OF_HR, now)
        return len(queued) + forget_messages(session, managers, now)


def _without_right(session: Session, hr: Collection[str] | None, now: datetime) -> tuple[set[str], set[str]]:
    """Of whoever still has something that they opened as a manager, and as HR, those without the right to it."""
    viewers = policy_viewers(session, now)
    managers, of_hr = deletions.kept_by(session, deletions.OF_MANAGERS), deletions.kept_by(session, deletions.OF_HR)
    if managers:
        offices = viewing.in_office(session)
        managers -= {each.viewer for each in offices if allowed(role_of(each), each.viewers, viewers)}
    if of_hr and hr_season(session, viewers) is not None:
        of_hr = of_hr.difference(hr) if hr is not None else set()
    return managers, of_hr
