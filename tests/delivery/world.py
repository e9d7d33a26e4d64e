"""A database, a local Slack and a clock that stands still until a test moves it."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from slack_sdk import WebClient
from sqlmodel import Session, col, select

from bot.delivery import Composer, DeliverySettings, Message, Outbox, Tally
from bot.delivery.messages import Answer
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.model import Message as SlackMessage
from bot.sandbox.server import Sandbox
from bot.troubles import Troubles
from storage import deliveries
from storage.database import SessionFactory
from storage.deliveries import DIGEST, FINAL, Owed, State
from storage.tables import Consent, Delivery, Person, PolicyVersion, Workspace

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = "2026-W48"
WORKSPACE = "T1"
FAST = DeliverySettings(timeout_s=1, settle_s=90, per_minute=6000, burst=100)


@dataclass
class Clock:
    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def greeting(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
    """A composer that has something to say to everybody."""
    return {row.id: Message(f"Week {row.week}", [], holds_figures=row.kind == DIGEST) for row in rows}


@dataclass
class World:
    sessions: SessionFactory
    slack: Sandbox
    clock: Clock
    composers: dict[str, Composer] = field(default_factory=lambda: {DIGEST: greeting})

    @property
    def api_url(self) -> str:
        """Where the bot finds Slack."""
        return self.slack.api_url

    def add_people(self, *ids: str, consenting: bool = True) -> None:
        """People in Slack and in the database; they consent to a policy unless told otherwise."""
        with self.sessions.begin() as session:
            for person_id in ids:
                self.slack.workspace.add_user(id=person_id, name=f"Person {person_id}")
                session.add(Person(id=person_id, tz="Europe/Madrid"))
            session.flush()
            for person_id in ids if consenting else ():
                receipt = f"receipt-{person_id}"
                session.add(Consent(person_id=person_id, receipt_id=receipt, policy_hash="p", granted_at=MONDAY))

    def plan(self, *ids: str, kind: str = DIGEST, week: str = WEEK, due: datetime = MONDAY) -> int:
        with self.sessions.begin() as session:
            return deliveries.plan(session, WORKSPACE, [Owed(each, kind, week, due) for each in ids])

    def outbox(
        self,
        worker: str = "one",
        settings: DeliverySettings = FAST,
        token: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        troubles: Troubles | None = None,
    ) -> Outbox:
        client = WebClient(token=token or self.slack.bot_token, base_url=self.api_url)
        return Outbox(
            self.sessions,
            client,
            self.composers,
            self.clock,
            workspace_id=WORKSPACE,
            worker=worker,
            settings=settings,
            monotonic=monotonic,
            troubles=troubles,
        )

    def run(self, settings: DeliverySettings = FAST) -> Tally:
        return self.outbox(settings=settings).run(self.clock())

    def rest(self, settings: DeliverySettings = FAST, hours: int = 24) -> None:
        """Tick every minute until every delivery is final; fails after `hours` of the test's clock."""
        for _ in range(hours * 60):
            self.run(settings)
            if all(row.state in FINAL for row in self.rows()):
                return
            self.clock.advance(60)
        raise AssertionError(f"not at rest: {[(row.state, row.reason) for row in self.rows()]}")

    def rows(self) -> list[Delivery]:
        with self.sessions.begin() as session:
            return list(session.exec(select(Delivery).order_by(col(Delivery.person_id), col(Delivery.kind))))

    def row(self) -> Delivery:
        [row] = self.rows()
        return row

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def workspace(self) -> Workspace:
        with self.sessions.begin() as session:
            return session.exec(select(Workspace)).one()

    def messages(self, person_id: str) -> list[SlackMessage]:
        dm = self.slack.workspace.dm(person_id)
        return self.slack.workspace.messages(dm) if dm else []

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.slack.workspace.calls)

    def fault(self, kind: FaultKind, *, method: str = "chat.postMessage", times: int = 1, **more: float) -> None:
        retry_after, seconds = int(more.get("retry_after", 30)), more.get("seconds", 1.0)
        self.slack.faults.add(Fault(method, kind, times=times, retry_after=retry_after, seconds=seconds))


def install(sessions: SessionFactory) -> None:
    """The workspace and a policy to consent to."""
    with sessions.begin() as session:
        session.add(Workspace(id=WORKSPACE, name="Halden Labs"))
        session.add(
            PolicyVersion(
                hash="p",
                number=1,
                title="Policy",
                contact="U9",
                effective=MONDAY.date(),
                text="",
                terms={"tools": ["cursor"], "retention_weeks": 26},
                published_at=MONDAY,
                in_force_from=MONDAY,
            )
        )


def in_state(rows: Iterable[Delivery], state: State) -> list[Delivery]:
    return [row for row in rows if row.state == state]
