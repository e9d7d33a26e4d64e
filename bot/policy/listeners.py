"""Read the policy: the version in force, every other, and what changed between them."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View
from bot.edge import ANYONE, Press, on_top, ref
from bot.errors import CandorError
from bot.policy import views
from bot.policy.reading import differing, shelf, since_consent
from bot.weeks import Clock
from storage.database import SessionFactory


def register(app: App) -> None:
    app.action("policy.read")(read)
    app.action("policy.version")(choose)
    app.action("policy.changed")(show_changes)
    app.action("policy.page.before")(turn_page)
    app.action("policy.page.next")(turn_page)


def read(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    number = int(press.subject) if press.subject else None
    on_top(client, press, reader_view(sessions, clock(), press.user, number))


def choose(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    view = reader_view(sessions, clock(), press.user, int(press.chosen or press.subject))
    client.views_update(view_id=press.view_id or "", view=view)


def show_changes(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    pair = _pair(press.subject) if press.subject else since_consent(sessions, press.user)
    on_top(client, press, _changes_view(sessions, pair))


def turn_page(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    what, _, rest = press.subject.partition(":")
    of, _, page = rest.partition(":")
    if what == "read":
        view = reader_view(sessions, clock(), press.user, int(of), int(page))
    else:
        view = _changes_view(sessions, _pair(of), int(page))
    client.views_update(view_id=press.view_id or "", view=view)


def reader_view(
    sessions: SessionFactory, now: datetime, user: str | None = None, number: int | None = None, page: int = 0
) -> View:
    """A version as a modal, without a `number` the one in force; raises `CandorError` when there is none."""
    return views.reader(shelf(sessions, now, user, number), page)


def _changes_view(sessions: SessionFactory, pair: tuple[int, int], page: int = 0) -> View:
    return views.changed_view(differing(sessions, *pair), "policy.page", ref(ANYONE, f"diff:{pair[0]}-{pair[1]}"), page)


def _pair(subject: str) -> tuple[int, int]:
    old, _, new = subject.partition("-")
    if not (old.isdecimal() and new.isdecimal()):
        raise CandorError("These versions are not known. Please open the policy again.")
    return int(old), int(new)
