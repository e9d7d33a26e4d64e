"""The pace: one tick. The database says what is due, claimed and sent; this only wakes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.app import Services
from bot.delivery import Outbox, Tally
from bot.digest import jobs as digest_jobs
from bot.held.erase import delete_in_slack, forget_leavers
from bot.policy.versions import terms_of
from bot.weeks import Clock, iso_week, monday
from storage import deliveries, events, policies, retention
from storage.database import SessionFactory, scrub

log = structlog.get_logger("candor.schedule")

# A tick waits this long for others to leave the database file; the next one tries again.
PATIENCE_S = 1


@dataclass(frozen=True)
class Tick:
    """What one tick did."""

    planned: int
    tally: Tally


def tick(services: Services, client: WebClient, outbox: Outbox, now: datetime) -> Tick:
    """Plan what is due at `now`, send what may be sent, delete what is owed to be deleted. Safe to repeat."""
    planned = digest_jobs.plan(services.sessions, services.workspace_id, now)
    tally = outbox.run(now)
    delete_in_slack(services.sessions, client, now)
    _scrub(services)
    return Tick(planned, tally)


def tidy(services: Services, now: datetime) -> None:
    """Delete what its time is up for: figures and leavers by the policy's retention, handled events, old keys."""
    with services.sessions.begin() as session:
        policy = policies.in_force(session)
    if policy is not None:
        _retain(services.sessions, timedelta(weeks=terms_of(policy).retention_weeks), now)
    with services.sessions.begin() as session:
        events.forget_old(session, now)
        # A day's margin: somewhere it is still yesterday's week.
        deliveries.purge(session, iso_week((now - timedelta(days=1)).date()))
    _scrub(services)


def _retain(sessions: SessionFactory, weeks: timedelta, now: datetime) -> None:
    with sessions.begin() as session:
        retention.delete_figures_before(session, monday(now.date()) - weeks, now)
    forget_leavers(sessions, now - weeks, now)


def _scrub(services: Services) -> None:
    engine: Engine = services.sessions.kw["bind"]
    if not scrub(engine, patience=PATIENCE_S):
        log.info("the database file is in use or its disk is full; what was deleted is wiped at a later tick")


def start(services: Services, client: WebClient, outbox: Outbox) -> BackgroundScheduler:
    """Tick every `tick_seconds` and tidy every hour, each one at a time; returns the running scheduler."""
    scheduler = BackgroundScheduler(timezone="UTC")
    each_once = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(
        _safely, "interval", [lambda now: tick(services, client, outbox, now), services.clock],
        seconds=services.settings.tick_seconds, **each_once,
    )  # fmt: skip
    scheduler.add_job(
        _safely, "interval", [lambda now: tidy(services, now), services.clock],
        hours=1, next_run_time=services.clock(), **each_once,
    )  # fmt: skip
    scheduler.start()
    return scheduler


def _safely(job: Callable[[datetime], object], clock: Clock) -> None:
    try:
        job(clock())
    except Exception as error:  # The next run tries again; only the name is logged, never a value.
        log.error("a scheduled job failed", error=type(error).__name__)


@dataclass(frozen=True)
class Preview:
    """What a tick would find: digests to plan, and deliveries already waiting."""

    due: int
    waiting: int


def preview(sessions: SessionFactory, now: datetime) -> Preview:
    """What a tick at `now` would have to do; changes nothing."""
    with sessions.begin() as session:
        counts = deliveries.counts(session)
        waiting = sum(number for (state, _reason), number in counts.items() if state == deliveries.State.READY)
        return Preview(due=digest_jobs.count_due(session, now), waiting=waiting)
