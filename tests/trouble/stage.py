"""The whole bot on its ticker, with a few people to whom a digest is owed on Monday, and time that a test moves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from slack_sdk import WebClient
from sqlmodel import Session, select

from bot.delivery import DeliverySettings, Outbox
from bot.delivery.messages import Answer
from bot.digest.jobs import KIND, compose
from bot.sandbox.faults import Fault
from bot.ticker import Ticker
from bot.timekeeping import Timekeeper
from storage.database import SessionFactory, server_time
from storage.tables import Delivery
from tests.candor import START, Candor, running
from tests.rows import add_usage, whole_week
from tests.trouble.lines import ADDRESS, FIGURE, NAME, NOTE

# 09:00 in Madrid.
MONDAY = START.replace(day=23, hour=8)
LAST_WEEK = START.replace(day=16).date()
PEOPLE = ("U01", "U02", "U03")
SETTINGS = DeliverySettings(timeout_s=1, per_minute=6000, burst=100)


class Moment(StrEnum):
    """When the trouble begins."""

    PLANNING = "before anything is planned"
    INTENT = "all is composed, nothing is written down of what is to be posted"
    MARKING = "Slack has the first message, nobody has written that down"


@dataclass
class Stage:
    """The bot on this database. `at_intent` is called once, just before the first intent to post is written down."""

    candor: Candor
    at_intent: Callable[[], None] | None = None
    client: WebClient = field(init=False)
    _composed: bool = False

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """The bot's process as it begins; called again, a new one in the place of the old."""
        self.client = self.candor.client
        keeper = Timekeeper(
            self.candor.sessions, self.client, self.candor.clock, shared=self._shared, monotonic=self._seconds
        )
        self.outbox = Outbox(
            self.candor.sessions,
            self.client,
            {KIND: self._compose},
            keeper,
            workspace_id=self.candor.services.workspace_id,
            worker="trouble",
            settings=SETTINGS,
            monotonic=self._monotonic,
        )
        self.ticker = Ticker(self.candor.services, self.client, self.outbox, keeper)

    def _shared(self, sessions: SessionFactory) -> datetime:
        server_time(sessions)
        return self.candor.clock()

    def _seconds(self) -> float:
        return self.candor.clock().timestamp()

    def _monotonic(self) -> float:
        if self._composed and self.at_intent:
            begin, self.at_intent = self.at_intent, None
            begin()
        return self._seconds()

    def _compose(self, session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        self._composed = True
        return compose(session, rows, now)

    def at(self, moment: Moment, begin: Callable[[], None]) -> None:
        """Have the trouble begin at this moment, once."""
        match moment:
            case Moment.PLANNING:
                begin()
            case Moment.INTENT:
                self.at_intent = begin
            case Moment.MARKING:
                self.candor.sandbox.faults.add(Fault("chat.postMessage", "ok", when=_once(begin)))

    def tick_for(self, minutes: float, every_s: float = 30) -> None:
        """Ticks as time goes by."""
        end = self.candor.clock() + timedelta(minutes=minutes)
        while self.candor.clock() < end:
            self.ticker.beat()
            self.candor.clock.pass_by(seconds=every_s)

    def rows(self) -> list[Delivery]:
        with self.candor.sessions.begin() as session:
            return list(session.exec(select(Delivery)))

    def states(self) -> set[str]:
        return {row.state for row in self.rows()}

    def arrived(self) -> list[int]:
        """How many digests each of the people has."""
        return [len(self.candor.digests(who)) for who in PEOPLE]

    def posts(self) -> int:
        calls = self.candor.sandbox.workspace.calls
        return sum(call.method == "chat.postMessage" and "metadata" in call.args for call in calls)


def _once(begin: Callable[[], None]) -> Callable[[dict[str, object]], bool]:
    left = [begin]

    def strikes(_args: dict[str, object]) -> bool:
        if left:
            left.pop()()
        return False

    return strikes


@contextmanager
def staged(sessions: SessionFactory) -> Iterator[Stage]:
    """People with canaries in their name, address, figures and check-in, on the Monday that their digest is due."""
    with running(sessions) as candor:
        for number, who in enumerate(PEOPLE):
            candor.sandbox.workspace.add_user(id=who, name=NAME, tz="Europe/Madrid", email=f"{number}{ADDRESS}")
            candor.opt_in(who, "claude-code")
            candor.check_in(who, note=NOTE)
            add_usage(sessions, who, "claude-code", *whole_week(LAST_WEEK), sessions=FIGURE)
        candor.clock.now = MONDAY
        yield Stage(candor)
