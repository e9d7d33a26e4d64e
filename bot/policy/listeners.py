"""Read the policy."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View
from bot.edge import Press
from bot.policy import views
from bot.policy.versions import require_in_force
from storage.database import SessionFactory


def register(app: App) -> None:
    app.action("policy.read")(read)


def read(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory) -> None:
    ack()
    press = Press.parse(body)
    client.views_open(trigger_id=press.trigger_id, view=reader_view(sessions))


def reader_view(sessions: SessionFactory) -> View:
    """The policy in force as a modal; raises `CandorError` before one is published."""
    return views.reader(require_in_force(sessions))
