"""Show what the machine keeps."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.edge import Press, on_top
from bot.policy.kept import views
from bot.policy.kept.enforcement import rows
from bot.policy.kept.standing import standing
from bot.policy.versions import require_in_force, terms_of
from bot.weeks import Clock
from storage.database import SessionFactory, reading


def register(app: App) -> None:
    app.action("policy.kept")(show_kept)


def show_kept(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press, now = Press.parse(body), clock()
    policy = require_in_force(sessions, now)
    with reading(sessions) as session:
        stand = standing(session, press.user, now)
    own = stand.terms if stand else terms_of(policy)
    on_top(client, press, views.kept(policy, rows(own), stand))
