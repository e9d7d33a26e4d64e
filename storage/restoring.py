"""A database restored from a backup: what may have been sent since the backup is not sent again.

The database cannot know what was sent, so it ends whatever could be. The caller owns the transaction.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, update
from sqlalchemy import select as sa_select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from storage import deliveries, drafts, invitations, policies, posts, waves
from storage.deliveries import DIGEST, FREE, SUMMARY, Owed, State
from storage.tables import Consent, Delivery, Job, Person, SeenEvent, SentItem, UsageImport, Workspace

RESTORED = "restored from a backup"
# No lease is longer: a time farther ahead was written by a clock that ran ahead.
_LONGEST = timedelta(minutes=10)
_OPEN = [state.value for state in State if state not in (State.SENT, State.DROPPED)]
_READ_AT_ONCE = 5000
_Time = Mapped[datetime] | Mapped[datetime | None]


@dataclass(frozen=True)
class Ended:
    """How many digests of this week were marked as not to be sent, and how many messages were that had waited."""

    digests: int
    waiting: int


def hold(session: Session) -> str | None:
    """The workspace's id; None when no bot was ever started. Until the transaction ends, no bot claims or plans."""
    return session.exec(select(Workspace.id).limit(1).with_for_update()).first()


def at_work_until(session: Session, now: datetime, beat: str) -> datetime | None:
    """Until when a bot that is at work on this database has said that it is; None when none is.

    `beat` names the job that comes round most often: where nothing is to be sent, it alone shows a bot that runs.
    """
    held, next_beat = (col(Delivery.lease_until), col(Job.lease_until)), col(Job.next_due)
    times = [_latest(session, time, time > now, time <= now + _LONGEST) for time in held]
    times.append(_latest(session, next_beat, col(Job.name) == beat, next_beat > now, next_beat <= now + _LONGEST))
    return max(filter(None, times), default=None)


def _latest(session: Session, time: _Time, *where: ColumnElement[bool]) -> datetime | None:
    return session.connection().execute(sa_select(func.max(time)).where(*where)).scalar_one()


def opted_in(session: Session) -> int:
    """How many people are opted in, whether or not their account is in use."""
    return session.exec(select(func.count()).select_from(Consent)).one()


def newest(session: Session, now: datetime) -> datetime | None:
    """When the newest row was written that says when; what this module wrote does not count. None: there is none."""
    times: tuple[_Time, ...] = (
        col(Consent.granted_at),
        col(SentItem.sent_at),
        col(SeenEvent.seen_at),
        col(UsageImport.fetched_at),
    )
    found = [_latest(session, time, time <= now) for time in times]
    finished, own = col(Delivery.finished_at), col(Delivery.reason).is_not_distinct_from(RESTORED)
    found.append(_latest(session, finished, finished <= now, ~own))
    return max(filter(None, found), default=None)


def end(session: Session, workspace_id: str, week_of: Callable[[str], str], now: datetime, *, summaries: str) -> Ended:
    """Nothing is sent any more that may have been: neither what waits, nor a digest of this week to anybody opted in,
    nor to anybody who manages a team that its newest summary is there.

    `week_of` gives the local ISO week ("2026-W47") at `now` of a time zone; `summaries` is the one in the key of
    messages about the newest summary. What is known as sent or dropped stays as
    it is. Safe to repeat; memory does not grow with the number of people.
    """
    new = deliveries.plan(session, workspace_id, _everybody(session, week_of, now))
    told = deliveries.plan(session, workspace_id, _who_manage(session, summaries, now))
    # Of any week and kind: the last digest of a week may still be sent early in the next one. Nobody looks for
    # doubles of a dropped message: the sweep would delete the only copy, which came after the backup.
    values = {"state": State.DROPPED.value, "reason": RESTORED, "finished_at": now, "sweep_at": None, **FREE}
    unfinished = update(Delivery).where(col(Delivery.workspace_id) == workspace_id, col(Delivery.state).in_(_OPEN))
    ended = session.connection().execute(unfinished.values(**values, fence=Delivery.fence + 1)).rowcount
    _end_news(session)
    return Ended(digests=new, waiting=ended - new - told)


def _end_news(session: Session) -> None:
    """No post goes out any more, no notice of a policy version that is in the backup, and no invitation to a pulse that
    is; no draft publishes itself.

    What HR decided since, such as to discard one, is not in the backup: they decide again.
    """
    posts.give_up(session, RESTORED)
    drafts.set_all_back(session)
    if (newest := policies.newest(session)) is not None:
        session.connection().execute(update(Consent).values(noticed=newest.number))
    if (wave := waves.newest(session)) is not None:
        invitations.planned_for_all(session, wave.number)


def _who_manage(session: Session, week: str, now: datetime) -> Iterator[Owed]:
    managers = sa_select(col(Person.id)).where(col(Person.is_manager))
    return (Owed(person_id, SUMMARY, week, now) for person_id in session.connection().scalars(managers))


def _everybody(session: Session, week_of: Callable[[str], str], now: datetime) -> Iterator[Owed]:
    statement = sa_select(col(Person.id), col(Person.tz)).join(Consent, col(Consent.person_id) == col(Person.id))
    rows = session.connection().execute(statement, execution_options={"yield_per": _READ_AT_ONCE})
    return (Owed(person_id, DIGEST, week_of(tz), now) for person_id, tz in rows)
