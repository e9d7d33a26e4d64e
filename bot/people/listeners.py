"""Slack's news about accounts, and about the app itself."""

from datetime import datetime
from http.client import HTTPException
from typing import Any

import structlog
from pydantic import ValidationError
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.people import roster
from bot.people.slack_user import SlackUser
from bot.weeks import Clock
from storage import people
from storage.database import SessionFactory

log = structlog.get_logger("candor.people")


def register(app: App) -> None:
    """Every listener of this feature."""
    app.event("team_join")(on_account_change)
    app.event("user_change")(on_account_change)
    app.event("app_uninstalled")(on_app_uninstalled)
    app.event("tokens_revoked")(on_tokens_revoked)


def on_account_change(
    event: dict[str, Any], client: WebClient, sessions: SessionFactory, workspace_id: str, clock: Clock
) -> None:
    """A new account, another zone, somebody leaving or coming back."""
    try:
        user = SlackUser.parse(event.get("user"), workspace_id=workspace_id)
    except ValidationError:
        log.warning("account event could not be read", type=event.get("type"))
        return
    if not _is_news(sessions, user):
        return
    user = _as_of_now(client, user, workspace_id)
    with sessions.begin() as session:
        outcome = roster.follow(session, user, clock())
    log.info("account followed", person=user.id, outcome=outcome)


def _is_news(sessions: SessionFactory, user: SlackUser) -> bool:
    """Whether it differs from the roster. Slack sends an event for every change of a status text, too."""
    with sessions.begin() as session:
        person = people.get(session, user.id)
        if user.membership != "member":
            return person is not None and person.active
        return person is None or not person.active or person.tz != user.zone


def _as_of_now(client: WebClient, user: SlackUser, workspace_id: str) -> SlackUser:
    """The account as Slack has it at this moment: events may arrive late and out of order."""
    try:
        answer = client.users_info(user=user.id)
        return SlackUser.parse(answer.get("user"), workspace_id=workspace_id)
    except (SlackApiError, OSError, HTTPException, ValidationError) as error:
        log.warning("account not confirmed, event taken as it is", person=user.id, error=type(error).__name__)
        return user


def on_app_uninstalled(sessions: SessionFactory, clock: Clock) -> None:
    """The app was removed from the workspace: nothing is sent any more."""
    _stop(sessions, "app uninstalled", clock())


def on_tokens_revoked(event: dict[str, Any], sessions: SessionFactory, clock: Clock) -> None:
    """The bot's token is void: nothing is sent any more. Tokens of single users are none of ours."""
    if (event.get("tokens") or {}).get("bot"):
        _stop(sessions, "tokens revoked", clock())


def _stop(sessions: SessionFactory, reason: str, now: datetime) -> None:
    with sessions.begin() as session:
        stopped = people.stop_workspace(session, reason, now)
    log.warning("sending stopped", reason=reason, was_running=stopped)
