"""What came of a soak, by the local workspace's own log and the rows of the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlmodel import select

from bot.sandbox.workspace import Workspace
from storage.database import SessionFactory
from storage.deliveries import State
from storage.tables import Delivery
from tests.replicas.company import posted


@dataclass(frozen=True)
class Verdict:
    """`lost`: people without their message, or whose row does not say that they have it. `doubled`: messages too many.

    `alive`: workers that were not killed, still tick at the end and end in order when told to, out of `workers`.
    """

    messages: int
    kills: int
    restarts: int
    lost: int
    doubled: int
    alive: int
    workers: int

    @property
    def good(self) -> bool:
        """Whether all is as promised."""
        return self.lost == self.doubled == 0 and self.alive == self.workers

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def __str__(self) -> str:
        return (
            f"messages {self.messages}, kills {self.kills}, restarts {self.restarts}, lost {self.lost}, "
            f"doubled {self.doubled}, alive {self.alive} of {self.workers}"
        )


NOTHING = Verdict(0, 0, 0, 0, 0, 0, 0)


def lost_and_doubled(workspace: Workspace, sessions: SessionFactory, ids: Sequence[str]) -> tuple[int, int]:
    """How many of these people have no message, or no row that says so; and how many messages are too many."""
    times = Counter(message.channel for message in posted(workspace))
    had = {who: times[workspace.dm(who) or ""] for who in ids}
    with sessions() as session:
        rows = session.exec(select(Delivery.person_id, Delivery.state)).all()
    sent = {who for who, state in rows if state == State.SENT}
    lost = sum(had[who] == 0 or who not in sent for who in ids)
    return lost, len(posted(workspace)) - sum(number > 0 for number in had.values())
