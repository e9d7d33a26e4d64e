"""Read the policy."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View
from bot.edge import Press
from bot.policy import views
from bot.policy.versions import require_in_force
from bot.weeks import Clock
from storage.database import SessionFactory


def register(app: App) -> None:
    app.action("policy.read")(read)


def read(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    client.views_open(trigger_id=press.trigger_id, view=reader_view(sessions, clock()))


def reader_view(sessions: SessionFactory, now: datetime) -> View:
    """The policy in force as a modal; raises `CandorError` before one is published."""
    return views.reader(require_in_force(sessions, now))
