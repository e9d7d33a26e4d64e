"""What the tick does for team summaries."""

from datetime import datetime

from bot.people.hr import Hr
from bot.teams.releasing import Released, is_due, release_due
from bot.teams.viewing import losing, planning
from storage.database import SessionFactory


def release(sessions: SessionFactory, hr: Hr, now: datetime) -> Released | None:
    """Release the week that is due; None when none is.

    Whoever is HR counts in no summary: while Slack does not say who that is, nothing is released, and the next tick
    tries again.
    """
    if not is_due(sessions, now) or not hr.is_known():
        return None
    return release_due(sessions, now, hr.everybody())


def forget(sessions: SessionFactory, hr: Hr, now: datetime) -> int:
    """Have what was opened of summaries deleted in Slack for whoever has no right to them any more; returns how much
    it is. While Slack does not say who is HR, what HR opened stays."""
    return losing.forget_without_right(sessions, hr.everybody() if hr.is_known() else None, now)


def tell(sessions: SessionFactory, workspace_id: str, now: datetime) -> int:
    """Plan the message to whoever manages a team that is shown; returns how many new ones there are."""
    return planning.plan(sessions, workspace_id, now)
