"""`candor db restored`: makes a database that was restored from a backup safe to start the bot on."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import OperatorError
from bot.ledger.commands import RESTORED, note_within
from bot.operators.words import clock_time
from bot.schedule import JOBS
from bot.teams.calendar import due_week
from bot.teams.viewing.planning import key_of
from bot.weeks import iso_week, local_day
from storage import restoring
from storage.database import Session, SessionFactory
from storage.restoring import Ended

# The job that comes round most often: a bot that runs does it at least once a minute.
BEAT = min((job for job in JOBS if job.shared and job.every), key=lambda job: job.every)


@dataclass(frozen=True)
class Restored:
    """What was done: `weeks` are the local ISO weeks ("2026-W47") it is now, `newest` is the time of the newest row."""

    opted_in: int
    weeks: tuple[str, ...]
    ended: Ended
    newest: datetime | None


def make_safe(sessions: SessionFactory, now: datetime) -> Restored:
    """Mark all that may have been sent since the backup as not to be sent, in one transaction; safe to repeat.

    Raises `OperatorError`, and changes nothing, when a bot is at work on the database or never was.
    """
    weeks: dict[str, str] = {}

    def week_of(tz: str) -> str:
        if tz not in weeks:
            weeks[tz] = iso_week(local_day(now, tz))
        return weeks[tz]

    with sessions.begin() as session:
        workspace_id = _held(session, now)
        opted_in, newest = restoring.opted_in(session), restoring.newest(session, now)
        ended = restoring.end(session, workspace_id, week_of, now, summaries=key_of(due_week(now)))
        note_within(session, RESTORED, now)
    return Restored(opted_in, tuple(sorted(set(weeks.values()))), ended, newest)


def _held(session: Session, now: datetime) -> str:
    workspace_id = restoring.hold(session)
    if workspace_id is None:
        raise OperatorError("No bot was ever started on this database, so there is nothing to do.")
    until = restoring.at_work_until(session, now, BEAT.name)
    if until is not None:
        raise OperatorError(
            "A bot is at work on this database, or was a moment ago: stop the bot first (all of its replicas), and run "
            f"this again after {clock_time(until)}. Nothing was changed."
        )
    return workspace_id
