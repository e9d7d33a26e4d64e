"""How jobs are done: each by one replica at a time where they are shared, and one's failure ends no other."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Services
from bot.delivery import Sender, Tally
from bot.errors import OperatorError
from bot.slack_errors import error_code
from storage import jobs
from storage.database import reading
from storage.jobs import Shift
from storage.trouble import in_words

# How long a replica that died in the middle of a job keeps the others from it.
LEASE = timedelta(minutes=2)


@dataclass
class Tick:
    """What one tick did. `troubles`: what went wrong, in words, by what it was in."""

    planned: int = 0
    tally: Tally = field(default_factory=Tally)
    troubles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """What jobs work with."""

    services: Services
    client: WebClient
    outbox: Sender
    now: datetime
    done: Tick


@dataclass(frozen=True)
class Job:
    """One piece of work. `shared`: one replica at a time does it for all, `every` so often (0: at each tick)."""

    name: str
    run: Callable[[Work], object]
    shared: bool = True
    every: timedelta = timedelta(0)


def do(jobs_due: Iterable[Job], work: Work) -> Tick:
    for job in jobs_due:
        _try(job, work)
    return work.done


def _try(job: Job, work: Work) -> None:
    try:
        if not job.shared:
            job.run(work)
        elif _taken(job, work):
            _run_alone(job, work)
    except Exception as error:  # The next tick tries again.
        work.done.troubles[job.name] = failure_words(error)


def failure_words(error: Exception) -> str:
    """What went wrong: in words that say what to do where there are any, of all else the name, never a value."""
    if isinstance(error, OperatorError):
        return str(error)
    if isinstance(error, SQLAlchemyError | sqlite3.Error):
        return f"the database cannot be used: {in_words(error)}"
    return f"it failed with {error_code(error)}"


def _shift(job: Job, work: Work) -> Shift:
    return Shift(work.outbox.worker, LEASE, job.every)


def _taken(job: Job, work: Work) -> bool:
    shift = _shift(job, work)
    with reading(work.services.sessions) as session:
        if not jobs.is_due(session, job.name, shift, work.now):
            return False
    with work.services.sessions.begin() as session:
        return jobs.take(session, job.name, shift, work.now)


def _run_alone(job: Job, work: Work) -> None:
    again = None
    try:
        job.run(work)
        again = work.now + job.every if job.every else None
    finally:
        with work.services.sessions.begin() as session:
            jobs.done(session, job.name, work.outbox.worker, again)
