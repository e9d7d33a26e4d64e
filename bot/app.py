"""The composition root: settings, clock, sessions and a client become a Bolt app."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex
from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_sdk import WebClient

from bot import home, typed
from bot.acks import Carrying, TimedApp, leaves_no_trace
from bot.blocks import escape, notice
from bot.checkin import listeners as checkin_listeners
from bot.consent import listeners as consent_listeners
from bot.digest import listeners as digest_listeners
from bot.digest.jobs import refresh
from bot.errors import CandorError
from bot.held import listeners as held_listeners
from bot.home import Home
from bot.invitation import listeners as invitation_listeners
from bot.logs import quiet_logger
from bot.people import listeners as people_listeners
from bot.people.hr import Hr
from bot.policy import listeners as policy_listeners
from bot.policy.asking import listeners as asking_listeners
from bot.policy.asking.desk import Desk
from bot.policy.kept import listeners as kept_listeners
from bot.policy.publishing import listeners as publishing_listeners
from bot.policy.publishing import receipts
from bot.pulse.ballot import listeners as ballot_listeners
from bot.pulse.ballot.failures import Failures
from bot.pulse.ballot.refusals import in_form, refusal
from bot.pulse.ballot.repeats import Repeats
from bot.pulse.ballot.roster import Roster
from bot.pulse.ballot.sending import Booth
from bot.pulse.composing import listeners as composing_listeners
from bot.pulse.inviting import listeners as inviting_listeners
from bot.pulse.keys import KeyDirectory
from bot.pulse.results import listeners as results_listeners
from bot.settings import Settings
from bot.slack_errors import BROKEN, Client, error_code
from bot.teams.belonging import listeners as belonging_listeners
from bot.teams.health import listeners as health_listeners
from bot.teams.viewing import listeners as viewing_listeners
from bot.weeks import Clock
from storage import events
from storage.database import SessionFactory, quick

log = structlog.get_logger("candor.app")

LISTENERS = 20
# Bolt asks one listener after the other: the one that many people need at the same hour comes first.
FEATURES = (
    checkin_listeners,
    ballot_listeners,
    home,
    # Before whatever else is typed: a message that carries a file is not for those who read words.
    publishing_listeners,
    typed,
    people_listeners,
    policy_listeners,
    asking_listeners,
    receipts,
    kept_listeners,
    consent_listeners,
    digest_listeners,
    held_listeners,
    invitation_listeners,
    inviting_listeners,
    composing_listeners,
    results_listeners,
    belonging_listeners,
    health_listeners,
    viewing_listeners,
)


@dataclass(frozen=True)
class Services:
    """What is passed in, and never reached for."""

    settings: Settings
    sessions: SessionFactory
    clock: Clock
    workspace_id: str
    ballot_failures: Failures = field(default_factory=Failures)
    roster: Roster = field(default_factory=Roster)


def make_client(settings: Settings) -> WebClient:
    """A client that sends each call once: the default one posts twice when a connection drops after the read."""
    return Client(
        token=settings.secret("SLACK_BOT_TOKEN"),
        base_url=settings.slack_api_url,
        timeout=10,
        retry_handlers=[],
        # At ERROR it prints the beginning of an answer that was cut off; we log the outcome of every call ourselves.
        logger=quiet_logger("candor.slack_sdk", logging.CRITICAL),
    )


def build_app(
    services: Services,
    client: WebClient,
    *,
    executor: Executor | None = None,
    acked: Callable[[float], None] = lambda seconds: None,
) -> App:
    """The Bolt app with every feature's listeners.

    `executor` runs listeners after their ack; with an inline one a test sees all effects when `dispatch` returns.
    `acked` hears of each request that was acknowledged, and after how many seconds.
    """
    secret = services.settings.slack_signing_secret
    app = TimedApp(
        # Without a name Bolt looks through all modules that are loaded for one.
        name="bolt",
        acked=acked,
        client=client,
        signing_secret=secret.get_secret_value() if secret else None,
        request_verification_enabled=secret is not None,
        logger=quiet_logger("candor.slack_bolt"),
        # Listeners wait for Slack after their ack: in Bolt's own five threads the next person's form comes too late.
        listener_executor=Carrying(executor or ThreadPoolExecutor(LISTENERS, "listener")),
        raise_error_for_unhandled_request=False,
    )
    # One thread: what somebody is shown last is the newest.
    later = executor or ThreadPoolExecutor(1, "after-ack")
    hr = Hr(services.settings.hr, client, services.clock)
    app.use(_provide(services, client, hr, later))
    app.use(_once(services))
    app.error(_on_error(services.ballot_failures))
    for feature in FEATURES:
        feature.register(app)
    return app


def _provide(services: Services, client: WebClient, hr: Hr, later: Executor) -> Callable[..., None]:
    """Middleware: what listeners may name as arguments. What is only to look at goes to `later`: in Bolt's few threads
    the acks of other people would wait until Slack has answered it."""
    shown = Home(services.sessions, services.settings, hr, services.clock)
    desk = Desk(services.sessions, services.clock)
    keys = KeyDirectory(services.settings.keys)
    booth = Booth(services.roster, services.sessions, client, keys, services.clock)

    def provide(context: dict[str, Any], next: Callable[[], None]) -> None:
        def refresh_digest(person_id: str, week: date) -> None:
            task = later.submit(refresh, services.sessions, client, person_id, week, services.clock())
            task.add_done_callback(_note_failure)

        def show_home(user: str) -> None:
            later.submit(_show_home, shown, client, user).add_done_callback(_note_failure)

        context["settings"], context["sessions"] = services.settings, services.sessions
        context["clock"], context["workspace_id"] = services.clock, services.workspace_id
        context["home"], context["hr"], context["desk"], context["booth"] = shown, hr, desk, booth
        # Bolt makes a new one for each request, of the SDK's own class: it waits without end, and follows redirects.
        context["client"] = client
        context["show_home"] = show_home
        context["refresh_digest"] = refresh_digest
        next()

    return provide


def _note_failure(task: Future[None]) -> None:
    if (error := task.exception()) is not None:
        log.error("failed after the ack", reference=token_hex(4), error=error_code(error))


def _show_home(shown: Home, client: WebClient, user: str) -> None:
    """What the person did is done: that the tab is not fresh must not look as if it were not."""
    try:
        shown.publish(client, user)
    except BROKEN as error:
        log.warning("Home tab not published", error=error_code(error))


def _once(services: Services) -> Callable[..., BoltResponse | None]:
    """Middleware: an event that Slack delivers again (same `event_id`) has no second effect."""
    repeats = Repeats()

    def is_new(body: dict[str, Any], event_id: str) -> bool:
        if leaves_no_trace(body):
            return repeats.first_sight(event_id)
        with quick(services.sessions) as connection:
            return events.first_sight(connection, event_id, services.clock())

    def once(body: dict[str, Any], next: Callable[[], None]) -> BoltResponse | None:
        event_id = body.get("event_id")
        if event_id is not None and not is_new(body, event_id):
            return BoltResponse(status=200, body="")
        next()
        return None

    return once


def _on_error(failures: Failures) -> Callable[..., BoltResponse | None]:
    """One place for every error; of those of ballots only the number is kept."""

    def handle(error: Exception, body: dict[str, Any], client: WebClient) -> BoltResponse | None:
        if not leaves_no_trace(body):
            return _tell_of(error, body, client)
        words = refusal(error, failures)
        if (in_the_form := in_form(error, words, body)) is not None:
            return in_the_form
        # In the DM, where it would stay, only to what was typed there.
        _tell(client, body, _who(body) if "event" in body else None, words)
        return BoltResponse(status=200, body="")

    return handle


def _tell_of(error: Exception, body: dict[str, Any], client: WebClient) -> BoltResponse | None:
    """Words a person can act on, or a reference id. Never a body in the log."""
    user, kind = _who(body), body.get("type") or body.get("command")
    if isinstance(error, CandorError):
        log.info("refused", error=type(error).__name__, kind=kind)
        words = str(error)
    else:
        reference = token_hex(4)
        log.error("failed", reference=reference, error=error_code(error), kind=kind)
        words = f"Something went wrong on our side. Please try again, or quote {reference} to whoever runs Candor."
    _tell(client, body, user, words)
    return BoltResponse(status=200, body="")


def _who(body: dict[str, Any]) -> str | None:
    user = body.get("user") or body.get("event", {}).get("user") or body.get("user_id")
    return user.get("id") if isinstance(user, dict) else user


def _tell(client: WebClient, body: dict[str, Any], user: str | None, words: str) -> None:
    """Show the words in a modal where the person is; where none can open any more, in their DM."""
    if _opened(client, body.get("trigger_id"), words) or user is None:
        return
    try:
        client.chat_postMessage(channel=user, text=escape(words))
    except BROKEN as error:
        log.warning("could not tell the person", error=error_code(error))


def _opened(client: WebClient, trigger_id: str | None, words: str) -> bool:
    if trigger_id is None:
        return False
    try:
        client.views_open(trigger_id=trigger_id, view=notice("Candor", escape(words)))
    except BROKEN:
        return False
    return True
