"""Work that one replica at a time does for all: who does it now, and when it is due again.

Each job is safe to do twice: the lease spares the others the work, it does not make it correct.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from storage.ahead import still_ahead
from storage.inserting import insert
from storage.tables import Job


@dataclass(frozen=True)
class Shift:
    """Who wants to do a job, for how long at most, and how often it is to be done (0: whenever somebody comes)."""

    worker: str
    lease: timedelta
    every: timedelta = timedelta(0)


def is_due(session: Session, name: str, shift: Shift, now: datetime) -> bool:
    """Whether the job could be taken now: it is due, and nobody holds it."""
    row = session.get(Job, name)
    return row is None or _free(row, shift, now)


def take(session: Session, name: str, shift: Shift, now: datetime) -> bool:
    """Take the job until `now + shift.lease`; False when it is not due, or another worker holds it."""
    session.connection().execute(insert(session, Job).values(name=name).on_conflict_do_nothing(index_elements=["name"]))
    row = session.exec(select(Job).where(Job.name == name).with_for_update()).one()
    if not _free(row, shift, now):
        return False
    row.holder, row.lease_until = shift.worker, now + shift.lease
    session.add(row)
    return True


def _free(row: Job, shift: Shift, now: datetime) -> bool:
    # Whoever asks is not at work: what they hold was cut off, by a database that went away.
    held = row.holder != shift.worker and still_ahead(row.lease_until, now, shift.lease)
    return not held and not still_ahead(row.next_due, now, shift.every)


def done(session: Session, name: str, worker: str, next_due: datetime | None) -> None:
    """Give the job back, due again at `next_due` (None: at once); nothing happens when it was taken over meanwhile."""
    mine = update(Job).where(col(Job.name) == name, col(Job.holder) == worker)
    session.exec(mine.values(holder=None, lease_until=None, next_due=next_due))
