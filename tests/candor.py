"""The real bot on a local workspace: what tests act through, as a person acts through Slack."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TypeVar

from slack_bolt import App
from slack_sdk import WebClient

from bot.app import Services, build_app, make_client
from bot.delivery import DeliverySettings, Outbox
from bot.delivery.posting import EVENT_TYPE
from bot.jobs import Tick
from bot.policy.versions import ensure_published
from bot.running import composers
from bot.sandbox.model import Message
from bot.sandbox.server import Sandbox
from bot.schedule import tick
from bot.settings import Settings
from storage import people
from storage.database import SessionFactory
from storage.people import RosterRow

MANIFEST = Path(__file__).parents[1] / "manifest.yml"
# A Wednesday: last week has ended everywhere, and the next digest is five days away.
START = datetime(2026, 11, 18, 12, tzinfo=UTC)
# The day on which the sample policy takes effect: tests may go back in time until then.
PUBLISHED = datetime(2026, 9, 1, tzinfo=UTC)
HR = "U0HR"
CONTACT = "U0CONTACT"
P = ParamSpec("P")
T = TypeVar("T")


class Inline(Executor):
    """Runs what Bolt would run after the ack at once, so that all effects are there when a test goes on."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # A future carries whatever its function raised.
            future.set_exception(error)
        return future


class Clock:
    """The time of a test, moved by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Candor:
    """The bot, its workspace, its database and its clock."""

    sandbox: Sandbox
    services: Services
    client: WebClient
    app: App
    clock: Clock
    outbox: Outbox

    @property
    def sessions(self) -> SessionFactory:
        return self.services.sessions

    @contextmanager
    def threads(self) -> Iterator[None]:
        """Until the end, the bot answers first and works on in its threads, as it does in production."""
        with ThreadPoolExecutor(4) as executor:
            self.sandbox.deliver_inline(build_app(self.services, self.client, executor=executor))
            yield
        self.sandbox.deliver_inline(self.app)

    def tick(self) -> Tick:
        """One tick at the test's moment; what goes wrong in it is raised."""
        done = tick(self.services, self.client, self.outbox, self.clock())
        assert not done.troubles, done.troubles
        return done

    def tick_at(self, moment: datetime) -> Tick:
        self.clock.now = moment
        return self.tick()

    def join(self, user_id: str, *, tz: str = "Europe/Madrid", email: str | None = None, **flags: Any) -> None:
        """Add a member to the workspace; with no address given, one of their own."""
        address = email if email is not None else f"{user_id.lower()}@haldenlabs.example"
        self.sandbox.workspace.add_user(id=user_id, name=user_id, tz=tz, email=address or None, **flags)

    def opt_in(self, user_id: str, *tools: str, private: bool = False) -> None:
        """Opt in through the Home tab's form."""
        user = self.sandbox.user(user_id)
        user.open_home()
        user.press("consent.open")
        values: dict[str, Any] = {"private": ["yes"] if private else []}
        if tools:
            values["tools"] = list(tools)
        if any(block.get("block_id") == "stay" for block in self.top_modal(user_id)["blocks"]):
            values["stay"] = []
        assert user.fill_and_submit(values=values).ok
        user.close_modal()

    def check_in(self, user_id: str, **answers: Any) -> None:
        """Report the newest week through the slash command."""
        user = self.sandbox.user(user_id)
        user.command("/candor", "checkin")
        values = {"saved": "2to4", "rework": "lt1", "helped": ["coding"]} | answers
        result = user.fill_and_submit(values=values)
        assert result.ok, result

    def dms(self, user_id: str) -> list[Message]:
        """The bot's messages in this person's DM, oldest first, without deleted ones."""
        channel = self.sandbox.workspace.dm(user_id)
        messages = self.sandbox.workspace.messages(channel) if channel else []
        return [message for message in messages if message.user == self.sandbox.workspace.bot_user_id]

    def digests(self, user_id: str) -> list[Message]:
        """The weekly messages among them."""
        sent = [message for message in self.dms(user_id) if message.metadata]
        owed = [message for message in sent if (message.metadata or {})["event_type"] == EVENT_TYPE]
        # A notice of a new policy is owed as well, and so are the invitation to a pulse and a team's summary.
        others = ("policy.changed", "ballot.open", "summary.")
        return [message for message in owed if not any(each in str(message.blocks) for each in others)]

    def top_modal(self, user_id: str) -> dict[str, Any]:
        return self.sandbox.workspace.modals(user_id)[-1]


def settings_for(sandbox: Sandbox, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "slack_bot_token": sandbox.bot_token,
        "slack_app_token": sandbox.app_token,
        "slack_signing_secret": sandbox.signing_secret,
        "slack_api_url": sandbox.api_url,
        "hr": frozenset({HR}),
        "contact": CONTACT,
    }
    return Settings(_env_file=None, **(given | changes))


def build(
    sandbox: Sandbox, sessions: SessionFactory, clock: Clock, executor: Executor | None, **changes: Any
) -> Candor:
    """The bot on this workspace and database, with the sample policy in force; `changes` are to its settings."""
    settings = settings_for(sandbox, **changes)
    client = make_client(settings)
    answer = client.auth_test()
    with sessions.begin() as session:
        people.ensure_workspace(session, answer["team_id"], answer["team"])
    ensure_published(sessions, settings.policy, PUBLISHED)
    services = Services(settings, sessions, clock, answer["team_id"])
    outbox = Outbox(
        sessions,
        client,
        composers(settings),
        clock,
        workspace_id=services.workspace_id,
        worker="test",
        settings=DeliverySettings(per_minute=6000, burst=1000),
    )
    return Candor(sandbox, services, client, build_app(services, client, executor=executor), clock, outbox)


@contextmanager
def running(sessions: SessionFactory, **changes: Any) -> Iterator[Candor]:
    """The bot with events dispatched inline: fast, and every effect is there when the person's act returns."""
    clock = Clock()
    # By the test's own time: a busy machine must not let a trigger id run out.
    stands_still = Sandbox(MANIFEST, clock, monotonic=lambda: clock.now.timestamp())
    with stands_still as sandbox, TemporaryDirectory(prefix="candor-keys-") as keys:
        candor = build(sandbox, sessions, clock, Inline(), **({"keys": Path(keys)} | changes))
        sandbox.deliver_inline(candor.app)
        candor.join(HR)
        candor.join(CONTACT)
        yield candor


def without_ids(blocks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as they were sent: Slack gives each an id."""
    return [{name: value for name, value in block.items() if name != "block_id"} for block in blocks]


def in_roster(sessions: SessionFactory, *rows: RosterRow) -> None:
    with sessions.begin() as session:
        people.upsert_roster(session, list(rows))
