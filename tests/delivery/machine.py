"""The outbox as a state machine: three workers, one database, one virtual clock, and one rule for all that happens.

One rule, because the mistakes that double a message take several bad moments in a row: with a rule for each kind of
trouble they are hardly ever drawn together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, delete
from sqlmodel import Session

from bot.delivery import Drop, Message
from bot.delivery.messages import Answer
from bot.sandbox.faults import Fault
from storage import deliveries, people
from storage.deliveries import DIGEST, FINAL, Owed
from storage.tables import Base, Delivery
from tests.delivery.oracle import Oracle
from tests.delivery.outcomes import (
    LEASES,
    PEOPLE,
    SETTINGS,
    Fate,
    Leaves,
    News,
    OptsOut,
    Outcome,
    Resumed,
    TokenRevoked,
    outcomes,
    waits,
)  # fmt: skip
from tests.delivery.process import Process
from tests.delivery.world import WORKSPACE, Clock, World, install

KINDS = (DIGEST, "notice")
WORKERS = 3
STEPS_A_WEEK = 2


@dataclass
class Ticking(Clock):
    """Never gives the same time twice, so that what happens first is always first in the database's order too."""

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


class Deliveries(RuleBasedStateMachine):
    """Two people are owed a digest and a notice a week, and are planned for anew at every step, as at every tick."""

    def __init__(self, world: World, number: int):
        super().__init__()
        _empty(world)
        install(world.sessions)
        self.world = world
        self.people = {name: f"U{name}{number}" for name in PEOPLE}
        world.add_people(*self.people.values())
        world.composers = dict.fromkeys(KINDS, self._compose)
        self.opted_out: set[str] = set()
        self.left: set[str] = set()
        self.oracle = Oracle(world, tuple(self.people.values()))
        self.fates: list[Fate] = []
        self.steps = 0
        self.sound = True

    @initialize(lease=st.sampled_from(LEASES))
    def start(self, lease: float) -> None:
        settings = SETTINGS.model_copy(update={"lease_s": lease})
        self.workers = [
            Process(self.world, f"worker {number}", settings, self.fates, self._meanwhile) for number in range(WORKERS)
        ]

    @rule(worker=st.integers(0, WORKERS - 1), outcome=outcomes, wait=waits)
    def advance(self, worker: int, outcome: Outcome, wait: float) -> None:
        self.sound = False
        self.world.clock.advance(wait)
        self._plan()
        self.steps += 1
        if outcome.news:
            self._happens(outcome.news)
        for strike in outcome.slack:
            fault = Fault(strike.method, strike.kind, retry_after=strike.seconds, seconds=strike.seconds)
            self.world.slack.faults.add(fault)
        self.fates += outcome.fates
        self.workers[worker].run()
        self.fates.clear()
        self.world.slack.faults.clear()

    @invariant()
    def nothing_is_there_twice_and_nothing_that_ended_changes(self) -> None:
        self.sound = False
        self.oracle.check()
        self.sound = True

    def teardown(self) -> None:
        """With Slack well again, and time enough, all comes to rest. Not asked of a run that has failed already."""
        if self.sound:
            self._rest()

    def _rest(self) -> None:
        self._happens(Resumed())
        for turn in range(60):
            self.world.clock.advance(max(LEASES) + 1)
            self.workers[turn % WORKERS].run()
            if all(row.state in FINAL for row in self.world.rows()):
                break
        self.world.clock.advance(timedelta(days=1).total_seconds())
        for worker in self.workers:
            worker.run()
        self.oracle.check_rest(self.opted_out, self.left)

    def _meanwhile(self, naps: Sequence[float]) -> None:
        for nap in naps:
            self.world.clock.advance(nap)
            for worker in self.workers:
                if not worker.running:
                    worker.run()
            self.oracle.check()

    def _plan(self) -> None:
        """Plan this week's messages, and last week's once more: a week is as long as it takes to be interesting."""
        week = self.steps // STEPS_A_WEEK
        owed = [
            # Each message has a moment of its own: workers take them in an order that a replay has too.
            Owed(person, kind, f"2026-W{number:02}", self.world.clock())
            for number in range(max(0, week - 1), week + 1)
            for kind in KINDS
            for person in self.people.values()
        ]
        with self.world.sessions.begin() as session:
            deliveries.plan(session, WORKSPACE, owed)

    def _compose(self, session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        return {row.id: self._answer(row) for row in rows}

    def _answer(self, row: Delivery) -> Answer:
        if row.person_id in self.opted_out:
            return Drop("opted out")
        return Message(f"{row.kind} of {row.week} for {row.person_id}", [], holds_figures=row.kind == DIGEST)

    def _happens(self, news: News) -> None:
        workspace = self.world.slack.workspace
        match news:
            case OptsOut(name):
                self.opted_out.add(self.people[name])
            case Leaves(name):
                self.left.add(self.people[name])
                workspace.update_user(self.people[name], deleted=True)
            case TokenRevoked():
                workspace.revoke_tokens()
            case Resumed():
                workspace.refusal = None
                with self.world.sessions.begin() as session:
                    people.resume_workspace(session, WORKSPACE)


def _empty(world: World) -> None:
    """No rows, no planned faults, no token revoked: all that an example leaves behind but Slack's old messages."""
    engine: Engine = world.sessions.kw["bind"]
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(table))
    world.slack.faults.clear()
    world.slack.workspace.refusal = None
    world.slack.workspace.calls.clear()


def on(world: World) -> type[Deliveries]:
    """The machine on this world; the people of each example are new to Slack."""
    numbers = count(1)

    class OnWorld(Deliveries):
        def __init__(self) -> None:
            super().__init__(world, next(numbers))

    return OnWorld
