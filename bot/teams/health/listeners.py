"""HR looks at organisation health."""

from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.edge import Press, on_top
from bot.people.hr import Hr
from bot.teams.health.opening import open_health
from bot.teams.health.views import health_modal
from bot.weeks import Clock
from storage.database import SessionFactory

log = structlog.get_logger("candor.teams")


def register(app: App) -> None:
    app.action("teams.health")(show)


def show(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    hr.require(press.user)
    health = open_health(sessions, press.user, press.trigger_id, clock())
    on_top(client, press, health_modal(health))
    log.info("organisation health was opened", viewer=press.user)
