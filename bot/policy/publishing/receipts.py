"""“I have read it”: kept on the person's own consent, counted for HR, never listed."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.edge import Press
from bot.errors import NotOptedIn
from bot.policy.publishing import telling_views as views
from bot.policy.publishing.place import Place
from bot.policy.publishing.spoken import spoken
from bot.weeks import Clock
from storage import notices
from storage.database import SessionFactory


def register(app: App) -> None:
    app.action("policy.seen")(seen)


def seen(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press, now = Press.parse(body), clock()
    version = int(press.subject)
    with sessions.begin() as session:
        if not notices.mark_read(session, press.user, version, now):
            raise NotOptedIn
    message = body.get("message") or {}
    blocks = views.without_button(message.get("blocks") or [], "policy.seen", views.seen_line(version, now.date()))
    Place.of(body).show(client, (spoken(blocks), blocks))
