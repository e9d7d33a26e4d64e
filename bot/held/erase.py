"""Deleting everything held about a person, in the database and in Slack."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot.delivery.posting import Limited, NotSent, Refused, Uninstalled, Unknown, Unreachable, outcome_of
from bot.held import views
from bot.slack_errors import BROKEN, error_code
from bot.stint import Stint
from bot.weeks import Clock, iso_week, local_day
from storage import deletions, held, people, retention
from storage.database import SessionFactory, scrub
from storage.tables import Person, SlackDeletion

log = structlog.get_logger("candor.held")

BATCH = 50
FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(days=1)
# How long a person waits for another reader or writer before they are told that traces may stay for a while.
PATIENCE_S = 2
# How long a person waits for Slack to delete; what is left by then is deleted by the ticks that follow.
LONGEST_S = 20
# So many calls in a row without an answer mean that Slack is in trouble, not the item.
TROUBLE = 3
# What Slack answers when there is nothing left to delete.
GONE = {"message_not_found", "file_not_found", "file_deleted", "channel_not_found"}


@dataclass(frozen=True)
class Left:
    """What became of a person's data: whether no byte is left `on_disk`, how many messages and files Slack still has.

    `on_disk` is True when the bytes are gone from the disk, and always on PostgreSQL, whose log cannot be wiped.
    """

    on_disk: bool
    left_in_slack: int


def leave(
    sessions: SessionFactory,
    client: WebClient,
    person: Person,
    clock: Clock,
    monotonic: Callable[[], float] = time.monotonic,
) -> Left:
    """Delete everything held about the person: rows, their bytes, and the bot's messages and files in Slack.

    What cannot be done at once, or within 20 s of `monotonic`, is owed, and done by the ticks that follow.
    """
    queued = _erase(sessions, person, clock())
    on_disk = scrub(_engine(sessions), patience=PATIENCE_S)
    left = delete_in_slack(sessions, client, clock(), only=queued, stint=Stint(seconds=LONGEST_S, monotonic=monotonic))
    return Left(on_disk, left)


def _erase(sessions: SessionFactory, person: Person, now: datetime) -> list[int]:
    with sessions.begin() as session:
        return held.erase(session, person.id, open_week=iso_week(local_day(now, person.tz)), now=now)


def _engine(sessions: SessionFactory) -> Engine:
    engine: Engine = sessions.kw["bind"]
    return engine


def forget_leavers(
    sessions: SessionFactory, until: Callable[[retention.Leaver], datetime | None], now: datetime
) -> int:
    """Delete whoever left so long ago that `until` is over for them, their row in `person` too; returns how many.

    Their messages and files in Slack are queued for `delete_in_slack`.
    """
    with sessions.begin() as session:
        people.date_leavers(session, now)
        found = retention.leavers(session)
    over = [leaver for leaver in found if (last := until(leaver)) is not None and last < now]
    return sum(_forget(sessions, leaver, now) for leaver in over)


def _forget(sessions: SessionFactory, leaver: retention.Leaver, now: datetime) -> bool:
    with sessions.begin() as session:
        # Whoever has come back meanwhile, or come back and left again, stays.
        there = people.hold_leaver(session, leaver.person_id, leaver.left_at + timedelta(microseconds=1))
        if there:
            held.forget(session, leaver.person_id, now)
    return there


def delete_in_slack(
    sessions: SessionFactory,
    client: WebClient,
    now: datetime,
    *,
    stint: Stint,
    only: Collection[int] | None = None,
    on_trouble: Callable[[str], None] = lambda reason: None,
) -> int:
    """Delete the queued messages and files in Slack, and close the queued Home tabs, with `only` those, as many as the
    `stint` takes.

    Returns how many of them are still to be deleted.

    What Slack does not delete stays queued: it is tried again after 5 minutes, then after twice that, up to a day.
    `on_trouble` hears why when Slack deletes nothing, whatever it is asked to.
    """
    unanswered = 0
    for item in _due(sessions, now, only, stint):
        outcome = _delete(client, item)
        _settle(sessions, item, outcome, now)
        unanswered = unanswered + 1 if isinstance(outcome, Unknown | Unreachable) else 0
        if outcome is not None and (isinstance(outcome, Uninstalled) or unanswered == TROUBLE):
            on_trouble(outcome.reason)
        if isinstance(outcome, Limited | Uninstalled) or unanswered == TROUBLE:
            break
    with sessions.begin() as session:
        return deletions.waiting(session, only)


def _due(
    sessions: SessionFactory, now: datetime, only: Collection[int] | None, stint: Stint
) -> Iterator[SlackDeletion]:
    """The deletions that are due. Each has to be settled before the next is asked for, or it comes again."""
    while True:
        with sessions.begin() as session:
            batch = deletions.due(session, now, BATCH, only)
        if not batch:
            return
        for item in batch:
            if not stint.takes():
                return
            yield item


def _delete(client: WebClient, item: SlackDeletion) -> NotSent | Unknown | None:
    """None when Slack no longer has it, else why it still may."""
    try:
        if item.kind in deletions.FILES:
            client.files_delete(file=item.ref)
        elif item.kind in deletions.HOMES:
            # Slack takes no Home tab away, it only takes another in its place.
            client.views_publish(user_id=item.ref, view=views.closed_home())
        else:
            client.chat_delete(channel=item.channel or "", ts=item.ref)
    except BROKEN as error:
        outcome = outcome_of(error)
        if outcome.reason in GONE:
            return None
        answered = isinstance(outcome, Unknown) and outcome.reason == error_code(error)
        return Refused(outcome.reason) if answered else outcome
    return None


def _settle(sessions: SessionFactory, item: SlackDeletion, outcome: NotSent | Unknown | None, now: datetime) -> None:
    with sessions.begin() as session:
        if outcome is None:
            deletions.done(session, item)
        else:
            deletions.postpone(session, item, now + _pause(item.attempts))
    if outcome is not None:
        # Trouble that is not the item's is told once, by whoever is told of it; tries that go on for days, at first.
        level = log.warning if isinstance(outcome, Refused) and item.attempts == 0 else log.info
        level("not deleted in Slack yet", deletion=item.id, kind=item.kind, error=outcome.reason)


def _pause(attempts: int) -> timedelta:
    """How long to wait after this many earlier attempts; from the ninth on it is a day in any case."""
    return min(FIRST_RETRY * (1 << min(attempts, 9)), LAST_RETRY)
