"""Putting the parts together: from settings to a bot that runs, by Socket Mode or by HTTP."""

import math
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine, make_url

from bot.app import Services, build_app, make_client
from bot.delivery import Composer, Crew, DeliverySettings, Outbox
from bot.digest import jobs as digests
from bot.errors import OperatorError
from bot.jobs import Tick
from bot.logs import quiet_logger
from bot.operators.web import Operations, operations, serving_ops
from bot.policy.publishing import notices
from bot.policy.versions import ensure_published
from bot.pulse.health import under_way
from bot.pulse.inviting import messages as inviting
from bot.pulse.keys import KeyDirectory
from bot.settings import Settings
from bot.slack_errors import Client, error_code
from bot.teams.viewing import messages as summaries
from bot.ticker import Ticker
from bot.timekeeping import Timekeeper
from bot.troubles import Troubles
from storage import people
from storage.database import SessionFactory, is_of_newer_version, open_engine, schema_state, session_factory, upgrade

log = structlog.get_logger("candor.run")

# Enough for 300 messages a minute as long as Slack takes no more than 0.8 s for one.
SENDERS = 4


def system_clock() -> datetime:
    return datetime.now(UTC)


def open_database(settings: Settings) -> SessionFactory:
    """Sessions on the newest schema."""
    require_folder(settings)
    engine = open_engine(settings.database_url)
    require_known(engine)
    upgrade(engine)
    return session_factory(engine)


def require_known(engine: Engine) -> None:
    """Raises `OperatorError` when a newer version of this program has been at work on the database."""
    if is_of_newer_version(engine):
        engine.dispose()
        raise OperatorError("The database is of a newer version of Candor: start that version, or restore a backup.")


def require_folder(settings: Settings) -> None:
    """Raises `OperatorError` when the SQLite file's folder is not there."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).resolve().parent.is_dir():
        raise OperatorError(f"DATABASE_URL: the folder of {url.database} does not exist. Make it, or name another.")


def existing_database(settings: Settings) -> SessionFactory:
    """Sessions on a database that is there and up to date, changing nothing; raises `OperatorError` otherwise."""
    url = make_url(settings.database_url)
    there = url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()
    engine = open_engine(settings.database_url)
    if there:
        require_known(engine)
    if not there or len(set(schema_state(engine))) > 1:
        engine.dispose()
        raise OperatorError("The database is missing or of an older version: run candor db upgrade first.")
    return session_factory(engine)


def connect(
    settings: Settings, clock: Callable[[], datetime] = system_clock, *, resume: bool = False
) -> tuple[Services, WebClient]:
    """Open the database, ask Slack who we are, and put the policy in force.

    With `resume` messages go out again that were stopped until an operator had mended what was wrong. Raises
    `OperatorError` when Slack refuses the token or cannot be reached.
    """
    sessions, client = open_database(settings), make_client(settings)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        raise OperatorError(f"SLACK_BOT_TOKEN: Slack answers {error_code(error)}. Install the app anew.") from None
    except OSError as error:
        raise OperatorError(f"Slack cannot be reached at {settings.slack_api_url}: {error}") from None
    with sessions.begin() as session:
        people.ensure_workspace(session, answer["team_id"], answer["team"])
        if resume:
            people.resume_workspace(session, answer["team_id"])
    ensure_published(sessions, settings.policy, clock())
    if said := under_way(sessions, KeyDirectory(settings.keys)):
        log.error("the keys of a pulse are not in order", trouble=said)
    return Services(settings, sessions, clock, answer["team_id"]), client


def composers(settings: Settings) -> Mapping[str, Composer]:
    """Who says what, by the kind of message."""
    return {
        digests.KIND: digests.compose,
        notices.KIND: notices.Notices(),
        summaries.KIND: summaries.compose,
        **inviting.composers(settings),
    }


def make_crew(services: Services, client: WebClient, clock: Callable[[], datetime]) -> Crew:
    """This process's workers of the outbox."""
    kinds, troubles, name = (
        composers(services.settings),
        Troubles("candor.delivery"),
        f"{socket.gethostname()}-{os.getpid()}-{token_hex(2)}",
    )
    return Crew(
        [
            Outbox(
                services.sessions,
                client,
                kinds,
                clock,
                workspace_id=services.workspace_id,
                worker=f"{name}-{number}",
                settings=delivery_settings(services.settings),
                troubles=troubles,
            )
            for number in range(SENDERS)
        ]
    )


def delivery_settings(settings: Settings) -> DeliverySettings:
    """How fast and how patiently messages are sent, as far as an operator may set it."""
    per_minute = settings.messages_per_minute
    # What ten seconds bring at this rate: so much waits from one tick to the next.
    burst = math.ceil(per_minute / 6)
    return DeliverySettings(per_minute=per_minute, burst=burst, settle_s=settings.settle_seconds)


def make_ticker(services: Services, client: WebClient, on_tick: Callable[[Tick], None] = lambda done: None) -> Ticker:
    """What plans, sends and deletes in this process, not yet started."""
    keeper = Timekeeper(services.sessions, client, services.clock)
    return Ticker(services, client, make_crew(services, client, keeper), keeper, on_tick)


@contextmanager
def ticking(services: Services, client: WebClient) -> Iterator[Operations]:
    """Tick until the end of the block; yields what operators are shown of it."""
    shown = operations(services, lambda: ticker.wrong)
    ticker = make_ticker(services, client, shown.metrics.ticked)
    with ticker:
        yield shown


def run_socket_mode(services: Services, client: WebClient, told: threading.Event) -> None:
    """Connect to Slack by Socket Mode and tick, until told to stop."""
    with ticking(services, client) as shown, serving_ops(shown, services.settings) as well:
        handler = socket_handler(services, client, shown.metrics.acked)
        log.info("running", mode="socket", workspace=services.workspace_id)
        try:
            handler.client.connect()
            until(told, well)
        finally:
            handler.client.close()


def told_to_stop() -> threading.Event:
    """Set by Ctrl+C or a termination signal from now on, so that what runs can end in order; a second one ends it."""
    told = threading.Event()

    def tell(number: int, _frame: object) -> None:
        told.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return told


def until(told: threading.Event, meanwhile: Callable[[], object]) -> None:
    """Call `meanwhile` every second until then."""
    while not told.wait(1):
        meanwhile()


def socket_handler(
    services: Services, client: WebClient, acked: Callable[[float], None] = lambda seconds: None
) -> SocketModeHandler:
    """The Socket Mode connection of the bot, not yet started."""
    app = build_app(services, client, acked=acked)
    return SocketModeHandler(
        app,
        services.settings.secret("SLACK_APP_TOKEN"),
        logger=quiet_logger("candor.socket_mode"),
        web_client=Client(token=services.settings.secret("SLACK_BOT_TOKEN"), base_url=services.settings.slack_api_url),
    )
