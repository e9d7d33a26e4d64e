"""What is done at each tick. The database says what is due, claimed and sent; this only asks it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.app import Services
from bot.delivery import Sender
from bot.delivery.channel import Channels
from bot.delivery.forecast import warning
from bot.delivery.sweeping import sweep
from bot.digest import jobs as digest_jobs
from bot.digest.ahead import next_week
from bot.held.erase import delete_in_slack
from bot.held.obeying import obey
from bot.jobs import Job, Tick, Work, do
from bot.ledger import jobs as ledger_jobs
from bot.people.hr import Hr
from bot.policy.asking.open_questions import forget_answered
from bot.policy.publishing import days, notices, publication, telling
from bot.policy.publishing.drafting import FORGOTTEN, Rules
from bot.pulse.composing import jobs as pulse_jobs
from bot.pulse.health import under_way
from bot.pulse.inviting import planning as inviting
from bot.pulse.inviting.messages import POSTS as PULSE_POSTS
from bot.pulse.keys import KeyDirectory, KeysUnusable
from bot.pulse.results import post as results_post
from bot.pulse.trustee import post as sealed_post
from bot.stint import Stint
from bot.teams import jobs as team_jobs
from bot.weeks import iso_week
from storage import deliveries, drafts, events
from storage.database import SessionFactory, reading, scrub

log = structlog.get_logger("candor.schedule")

# A tick waits this long for others to leave the database file; the next one tries again.
PATIENCE_S = 1
# Calls of Slack that one tick makes one after the other, while the messages to be sent wait.
AT_ONCE, SWEPT_AT_ONCE, LONGEST_S = 50, 10, 20
# What is posted to channels and to HR.
POSTS = {**telling.COMPOSERS, **PULSE_POSTS, **results_post.COMPOSERS}


def _plan(work: Work) -> None:
    work.done.planned = digest_jobs.plan(work.services.sessions, work.services.workspace_id, work.now)


def _send(work: Work) -> None:
    work.done.tally = work.outbox.run(work.now)


def _delete(work: Work) -> None:
    def note(reason: str) -> None:
        work.done.troubles["delete in Slack"] = f"Slack deletes nothing for now ({reason}); what is to be deleted waits"

    stint = Stint(most=AT_ONCE, seconds=LONGEST_S, stopping=work.outbox.stopping)
    delete_in_slack(work.services.sessions, work.client, work.now, stint=stint, on_trouble=note)


def _publish(work: Work) -> None:
    services = work.services
    publication.tell_of_trouble(services.sessions, work.now)
    if not days.any_due(services.sessions, work.now):
        return
    hr = Hr(services.settings.hr, work.client, lambda: work.now)
    # Whoever gave the order has to be HR still: while Slack does not say who is, the next tick looks again.
    if hr.is_known():
        rules = Rules(services.settings.channel, hr.everybody(), services.settings.two_publishers)
        days.publish_due(services.sessions, rules, work.now)


def _notices(work: Work) -> None:
    notices.plan(work.services.sessions, work.services.workspace_id, work.now)


def _open_pulse(work: Work) -> None:
    pulse_jobs.open_due(work.services.sessions, work.services.settings, work.now)


def _close_pulse(work: Work) -> None:
    pulse_jobs.close_due(work.services.sessions, work.services.settings, work.now)


def _watch_keys(work: Work) -> None:
    # What fails is due again at the next tick: told once when it begins, and once when it is over.
    if said := under_way(work.services.sessions, KeyDirectory(work.services.settings.keys)):
        raise KeysUnusable(said)


def _invite(work: Work) -> None:
    inviting.plan(work.services.sessions, work.services.workspace_id, work.now)


def _forget_answered(work: Work) -> None:
    forget_answered(work.services.sessions, work.now)


def _release_teams(work: Work) -> None:
    team_jobs.release(work.services.sessions, Hr(work.services.settings.hr, work.client, lambda: work.now), work.now)


def _tell_teams(work: Work) -> None:
    team_jobs.tell(work.services.sessions, work.services.workspace_id, work.now)


def _forget_teams(work: Work) -> None:
    team_jobs.forget(work.services.sessions, Hr(work.services.settings.hr, work.client, lambda: work.now), work.now)


def _post(work: Work) -> None:
    keys = work.services.settings.keys
    composers = {**POSTS, **sealed_post.composers(KeyDirectory(keys)), **ledger_jobs.composers(keys)}
    channels = Channels(work.services.sessions, work.client, work.services.workspace_id, composers)
    channels.post_due(work.now, Stint(most=AT_ONCE, seconds=LONGEST_S, stopping=work.outbox.stopping))


def _ledger(work: Work) -> None:
    ledger_jobs.keep(work.services.sessions, work.services.settings, work.now)


def _sweep(work: Work) -> None:
    stint = Stint(most=SWEPT_AT_ONCE, seconds=LONGEST_S, stopping=work.outbox.stopping)
    sweep(work.services.sessions, work.client, work.services.workspace_id, lambda: work.now, stint)


def _tidy(work: Work) -> None:
    tidy(work.services, work.now)


def _failures(work: Work) -> None:
    work.services.ballot_failures.tell(work.now)


def _roster(work: Work) -> None:
    work.services.roster.refresh(work.services.sessions, work.now)


def _forecast(work: Work) -> None:
    settings = work.services.settings
    with reading(work.services.sessions) as session:
        said = warning(next_week(session, work.now, settings.messages_per_minute))
    if said:
        log.warning(said)


def _wipe(work: Work) -> None:
    _scrub(work.services)


# Every replica sends: messages are claimed one by one.
SEND = Job("send", _send, shared=False)
JOBS = (
    Job("plan", _plan),
    Job("publish", _publish, every=timedelta(minutes=1)),
    Job("notices", _notices, every=timedelta(minutes=1)),
    Job("close pulse", _close_pulse, every=timedelta(minutes=1)),
    Job("open pulse", _open_pulse, every=timedelta(minutes=1)),
    Job("pulse keys", _watch_keys, every=timedelta(minutes=1)),
    Job("invite", _invite, every=timedelta(minutes=1)),
    Job("release teams", _release_teams, every=timedelta(minutes=1)),
    Job("tell teams", _tell_teams, every=timedelta(minutes=1)),
    SEND,
    Job("ledger", _ledger, every=timedelta(hours=1)),
    Job("post", _post),
    Job("sweep", _sweep, every=timedelta(minutes=1)),
    Job("forget summaries", _forget_teams, every=timedelta(hours=1)),
    Job("delete in Slack", _delete),
    Job("tidy", _tidy, every=timedelta(hours=1)),
    Job("forget answered questions", _forget_answered, every=timedelta(hours=1)),
    # A day is time enough to act on it before the week begins.
    Job("forecast", _forecast, every=timedelta(days=1)),
    Job("wipe", _wipe, shared=False),
    Job("ballot failures", _failures, shared=False),
    Job("ballot roster", _roster, shared=False),
)


def tick(services: Services, client: WebClient, outbox: Sender, now: datetime) -> Tick:
    """Do all that is due at `now`. Safe to repeat, and in many replicas at once; one job's failure ends no other."""
    return do(JOBS, Work(services, client, outbox, now, Tick()))


def send(services: Services, client: WebClient, outbox: Sender, now: datetime) -> Tick:
    """Only send what may be sent: between two ticks, when the rate opens again."""
    return do([SEND], Work(services, client, outbox, now, Tick()))


def tidy(services: Services, now: datetime) -> None:
    """Delete what its time is up for: what people's terms no longer let us keep, handled events, old keys."""
    obey(services.sessions, now)
    with services.sessions.begin() as session:
        events.forget_old(session, now)
        drafts.forget_before(session, now - FORGOTTEN)
        # A day's margin: somewhere it is still yesterday's week.
        deliveries.purge(session, iso_week((now - timedelta(days=1)).date()))
    _scrub(services)


def _scrub(services: Services) -> None:
    # Where others use the file, or its disk is full, what was deleted is wiped at a later tick.
    engine: Engine = services.sessions.kw["bind"]
    scrub(engine, patience=PATIENCE_S)


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
