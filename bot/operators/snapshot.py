"""One look at the outbox for everything that operators are shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from storage import delivery_report
from storage.database import schema_of
from storage.deliveries import FINAL, TO_EVERYBODY, State
from storage.delivery_report import Count, Sending


@dataclass(frozen=True)
class Snapshot:
    """The outbox of one workspace at one moment; `sending` is None for a workspace that is not known."""

    counts: Sequence[Count] = ()
    sending: Sending | None = None
    schema: str | None = None

    def number(self, *states: State) -> int:
        """How many deliveries are in one of these states."""
        return sum(count.number for count in self.counts if count.state in states)

    @property
    def owed(self) -> int:
        """How many deliveries have not come to their end."""
        return self.number(*(state for state in State if state not in FINAL))

    def oldest_due(self, *, but: Collection[str] = ()) -> datetime | None:
        """When the next message to be sent is, or was, due, leaving out these kinds; None when none waits."""
        waiting = [count for count in self.counts if count.state == State.READY and count.kind not in but]
        return min((count.due for count in waiting if count.due is not None), default=None)

    def oldest_unknown(self) -> datetime | None:
        """When the oldest message with an unknown outcome was posted; None when there is none."""
        moments = [count.since for count in self.counts if count.state == State.UNKNOWN and count.since is not None]
        return min(moments, default=None)

    def lag(self, now: datetime) -> timedelta:
        """How far the oldest message that is due is behind; zero when none is due.

        What goes to everybody counts for nothing: it was promised for no hour, and may wait over a weekend.
        """
        return since(self.oldest_due(but=TO_EVERYBODY), now)


def since(moment: datetime | None, now: datetime) -> timedelta:
    """How long ago `moment` was; zero for one that is still to come, and for none."""
    return max(now - moment, timedelta(0)) if moment is not None else timedelta(0)


def read(session: Session, workspace_id: str) -> Snapshot:
    """The outbox as it is. Only reads."""
    return Snapshot(
        counts=delivery_report.counts(session, workspace_id),
        sending=delivery_report.sending(session, workspace_id),
        schema=schema_of(session.connection()),
    )
