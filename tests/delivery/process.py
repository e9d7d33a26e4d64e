"""A worker's process: it stops for good, or for a while, at the step at which it is told to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from slack_sdk import WebClient
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, select

from bot.delivery import Composer, DeliverySettings, Outbox
from bot.delivery.messages import Answer
from storage.database import SessionFactory, reading
from storage.deliveries import State
from storage.tables import Delivery
from tests.delivery.outcomes import HISTORY, Dies, Fate, Step
from tests.delivery.world import WORKSPACE, World


class Killed(BaseException):
    """The process is gone. Nothing may catch it, as nothing catches `kill -9`."""


class Watched(sessionmaker[Session]):
    """Sessions whose transactions tell when they are about to begin and about to be committed."""

    def __init__(self, like: SessionFactory, begins: Callable[[], None], commits: Callable[[], None]):
        super().__init__(class_=Session, **like.kw)
        self._begins, self._commits = begins, commits

    @contextmanager
    def begin(self) -> Iterator[Session]:
        self._begins()
        with super().begin() as session:
            yield session
            self._commits()


class Process:
    """One worker. What step it is at is read from the database and from Slack: it runs the outbox as it is.

    Each of `fates` is met once, by whichever process comes to its step first.
    `meanwhile(naps)` is called while this one sleeps, outside any transaction.
    """

    def __init__(
        self,
        world: World,
        name: str,
        settings: DeliverySettings,
        fates: list[Fate],
        meanwhile: Callable[[Sequence[float]], None],
    ):
        self._world = world
        self._name = name
        self._settings = settings
        self._fates = fates
        self._meanwhile = meanwhile
        self.running = False
        self._lives = 0
        self._histories = 0
        self._answered: Step | None = None
        self._begin_life()

    def run(self) -> None:
        """One run of the outbox; a process that dies is started again, under another name."""
        self.running, self._answered, self._histories = True, None, self._world.calls(HISTORY)
        try:
            self._outbox.run(self._world.clock())
        except Killed:
            self._begin_life()
        finally:
            self.running = False

    def _begin_life(self) -> None:
        self._lives += 1
        world = self._world
        self._outbox = Outbox(
            Watched(world.sessions, self._on_begin, self._on_commit),
            WebClient(token=world.slack.bot_token, base_url=world.slack.api_url),
            {kind: self._composing(composer) for kind, composer in world.composers.items()},
            world.clock,
            workspace_id=WORKSPACE,
            worker=self._worker,
            settings=self._settings,
            monotonic=self._monotonic,
        )

    @property
    def _worker(self) -> str:
        return f"{self._name}, life {self._lives}"

    def _composing(self, composer: Composer) -> Composer:
        def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
            self._passes(Step.COMPOSING)
            return composer(session, rows, now)

        return compose

    def _monotonic(self) -> float:
        if self._fates:
            held = self._held()
            if State.SENDING in held:
                self._passes(Step.INTENDED)
            elif State.CLAIMED in held:
                self._passes(Step.INTENDING)
        return self._world.clock.now.timestamp()

    def _on_begin(self) -> None:
        self._answered = None
        if not self._fates:
            return
        if State.SENDING in self._held():
            self._answered = Step.MARKING
            self._passes(Step.ANSWERED)
        elif self._world.calls(HISTORY) > self._histories:
            self._answered = Step.SETTLING
            self._passes(Step.LOOKED_UP)
        # What others have read while this one slept is not its own.
        self._histories = self._world.calls(HISTORY)

    def _on_commit(self) -> None:
        if self._answered:
            self._passes(self._answered)

    def _held(self) -> set[str]:
        """The states of the rows this worker holds."""
        with reading(self._world.sessions) as session:
            return set(session.exec(select(Delivery.state).where(Delivery.claimed_by == self._worker)).all())

    def _passes(self, step: Step) -> None:
        fate = next((fate for fate in self._fates if fate.at is step), None)
        if fate is None:
            return
        self._fates.remove(fate)
        if isinstance(fate, Dies):
            raise Killed
        self._meanwhile(fate.naps)
