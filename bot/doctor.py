"""What is wrong with an installation, and the mend."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.app import make_client
from bot.delivery.forecast import warning
from bot.digest.ahead import next_week
from bot.errors import OperatorError
from bot.ledger import health as ledger_health
from bot.policy.chain import faults
from bot.policy.document import read_policy
from bot.policy.publishing import health
from bot.pulse import health as pulse_health
from bot.pulse.composing import health as rhythm
from bot.settings import Settings
from bot.slack_errors import Client, header_of, time_of
from bot.timekeeping import DRIFT
from bot.troubles import Finding
from storage import policies
from storage.database import (
    SessionFactory,
    is_of_newer_version,
    open_engine,
    reading,
    schema_state,
    server_time,
    session_factory,
)

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Every check, in the order in which a new installation needs them."""
    client = make_client(settings)
    answer = None
    try:
        answer = client.auth_test()
        yield Finding("bot token", True, f"workspace {answer['team']}")
    except SlackApiError as error:
        yield Finding("bot token", False, f"Slack answers {error.response['error']}: set SLACK_BOT_TOKEN anew")
    except OSError as error:
        yield Finding("bot token", False, f"{settings.slack_api_url} cannot be reached ({error}): check the network")
    if answer is not None:
        yield _scopes(answer)
        yield _clock(answer, now)
    yield _app_token(settings)
    yield from _database(settings, now)
    yield _policy(settings)
    yield _contact(settings)
    yield from _publishing(settings, client, now)
    yield from _pulse(settings, now)
    yield from _ledger(settings)
    yield _next_week(settings, now)


def _scopes(answer: SlackResponse) -> Finding:
    asked = yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]
    # What whoever installs it may decline is looked for where it is needed.
    wanted = set(asked["bot"]) - set(asked["bot_optional"])
    given = set((header_of(answer.headers, "X-OAuth-Scopes") or "").split(","))
    missing = sorted(wanted - given)
    if missing:
        mend = "update the app from manifest.yml and install it anew"
        return Finding("scopes", False, f"missing {', '.join(missing)}: {mend}")
    return Finding("scopes", True, f"{len(wanted)}, as in the manifest")


def _clock(answer: SlackResponse, now: datetime) -> Finding:
    stamp = time_of(answer.headers)
    if stamp is None:
        return Finding("clock", True, "Slack's answer names no time to compare with")
    drift = abs(now - stamp)
    well = drift <= DRIFT
    mend = "" if well else ": set the clock by NTP, or signatures are refused and digests come at the wrong hour"
    return Finding("clock", well, f"{drift.total_seconds():.0f} s from Slack's{mend}")


def _app_token(settings: Settings) -> Finding:
    if settings.slack_app_token is None:
        return Finding("app token", True, "not set; needed for Socket Mode, not with --http")
    client = Client(base_url=settings.slack_api_url, retry_handlers=[])
    try:
        client.apps_connections_open(app_token=settings.secret("SLACK_APP_TOKEN"))
    except SlackApiError as error:
        mend = "make an app-level token with connections:write and set SLACK_APP_TOKEN"
        return Finding("app token", False, f"Slack answers {error.response['error']}: {mend}")
    except OSError as error:
        return Finding("app token", False, f"Slack cannot be reached ({error})")
    return Finding("app token", True, "Socket Mode may connect")


@contextmanager
def _opened(settings: Settings) -> Iterator[SessionFactory]:
    engine = open_engine(settings.database_url)
    try:
        yield session_factory(engine)
    finally:
        engine.dispose()


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folder = Path(url.database).resolve().parent
        well = os.access(folder, os.W_OK)
        yield Finding("folder", well, str(folder) if well else f"{folder} cannot be written: chown it to this user")
        if not well:
            return
    try:
        with _opened(settings) as sessions:
            engine: Engine = sessions.kw["bind"]
            newer = is_of_newer_version(engine)
            current, newest = schema_state(engine)
            stamp = server_time(sessions)
    except SQLAlchemyError as error:
        yield Finding("database", False, f"cannot be opened ({type(error).__name__}): check DATABASE_URL")
        return
    well = current == newest
    mend = "start the newer version that made it" if newer else "candor db upgrade"
    yield Finding("database", well, f"schema {current}" if well else f"schema {current}, not {newest}: {mend}")
    if stamp is not None:
        drift = abs(now - stamp)
        yield Finding("database clock", drift <= DRIFT, f"{drift.total_seconds():.0f} s from this machine's")


def _policy(settings: Settings) -> Finding:
    try:
        document = read_policy(settings.policy)
    except OperatorError as error:
        return Finding("policy", False, str(error))
    try:
        with _opened(settings) as sessions, reading(sessions) as session:
            published, known = policies.published(session), policies.newest_known(session)
    except SQLAlchemyError:
        return Finding("policy", True, f"{document.title}; not published yet")
    if published and document.hash not in {version.hash for version in published}:
        mend = f"candor policy publish {settings.policy}, or set CANDOR_POLICY to what was published"
        return Finding("policy", False, f"{settings.policy} is none of the published versions: {mend}")
    if said := next(faults(published, known), None):
        return Finding("policy", False, f"{said}: candor policy verify shows all; restore a backup")
    number = f", version {published[-1].number}" if published else ""
    return Finding("policy", True, f"{document.title}{number}")


def _publishing(settings: Settings, client: WebClient, now: datetime) -> Iterator[Finding]:
    try:
        with _opened(settings) as sessions:
            yield from health.examine(settings, client, sessions, now)
    except SQLAlchemyError:
        yield Finding("posts", True, "nothing is known of them yet")


def _pulse(settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        with _opened(settings) as sessions:
            yield from pulse_health.examine(settings, sessions)
            yield from rhythm.examine(settings, sessions, now)
    except SQLAlchemyError:
        yield Finding("pulse", True, "nothing is known of it yet")


def _ledger(settings: Settings) -> Iterator[Finding]:
    try:
        with _opened(settings) as sessions:
            yield from ledger_health.examine(settings, sessions)
    except SQLAlchemyError:
        yield Finding("ledger", True, "nothing is known of it yet")


def _contact(settings: Settings) -> Finding:
    if settings.contact is None:
        return Finding("contact", False, "CANDOR_CONTACT is not set: “This looks wrong” has nobody to write to")
    return Finding("contact", True, settings.contact)


def _next_week(settings: Settings, now: datetime) -> Finding:
    try:
        with _opened(settings) as sessions, reading(sessions) as session:
            found = next_week(session, now, settings.messages_per_minute)
    except SQLAlchemyError:
        return Finding("next week", True, "nothing is known of it yet")
    said = warning(found)
    return Finding("next week", said is None, said or f"{found.number:,} digests, all in the hours promised")
