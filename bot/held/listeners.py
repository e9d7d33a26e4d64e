"""See everything held, take it away, delete it."""

from datetime import datetime
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import notice, section
from bot.edge import Press, ShowHome, Submission, on_top
from bot.errors import NotOptedIn
from bot.files import send_files
from bot.held import views
from bot.held.erase import Left, leave
from bot.held.export import as_csv, as_json, as_lines
from bot.people.known import holder
from bot.policy.kept.standing import standing
from bot.settings import Settings
from bot.slack_errors import BROKEN
from bot.weeks import Clock
from storage import consents, held
from storage.database import SessionFactory, reading

log = structlog.get_logger("candor.held")


def register(app: App) -> None:
    app.action("held.open")(open_held)
    app.action("held.page.before")(turn_page)
    app.action("held.page.next")(turn_page)
    app.action("held.export")(export)
    app.action("held.stop")(ask)
    app.action("held.erase_ask")(ask)
    app.action("held.erase_now")(erase_from_message)
    app.view("held.erase")(erase_from_modal)


def open_held(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    client.views_open(trigger_id=press.trigger_id, view=held_view(client, sessions, press.user, clock()))


def held_view(client: WebClient, sessions: SessionFactory, user: str, now: datetime, number: int = 0) -> dict[str, Any]:
    """The modal with everything held about `user`, at this page, and the terms that bind it."""
    holder(sessions, client, user)
    with reading(sessions) as session:
        tables, stand = held.rows_of(session, user), standing(session, user, now)
    return views.page(user, list(as_lines(tables)), number, stand)


def turn_page(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    view = held_view(client, sessions, press.user, clock(), int(press.subject))
    client.views_update(view_id=press.view_id, view=view)


def export(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    if not has_files(sessions, press.user):
        on_top(client, press, notice("Download", views.NO_FILES))
        return
    on_top(client, press, notice("Download", views.ON_THEIR_WAY))
    export_for(client, sessions, press.user, clock)


def has_files(sessions: SessionFactory, user: str) -> bool:
    """Whether there is anything to download: for who has not opted in, one page shows all that is held."""
    with reading(sessions) as session:
        return consents.get(session, user) is not None


def export_for(client: WebClient, sessions: SessionFactory, user: str, clock: Clock) -> None:
    """Send `user` everything held about them, as JSON and as CSV; raises `NotOptedIn`."""
    with reading(sessions) as session:
        if consents.get(session, user) is None:
            raise NotOptedIn
        tables = held.rows_of(session, user)
    files = {"candor-held.json": as_json(tables), "candor-held.csv": as_csv(tables)}
    send_files(client, sessions, user, "Everything Candor holds about you, as you asked.", files, clock())


def ask(ack: Ack, body: dict[str, Any], client: WebClient, settings: Settings) -> None:
    ack()
    press = Press.parse(body)
    client.views_open(trigger_id=press.trigger_id, view=views.confirm(press.user, press.subject, settings.backup_days))


def erase_from_modal(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    show_home: ShowHome,
) -> None:
    form = Submission.parse(body)
    ack(response_action="update", view=views.erasing())
    left = _leave(client, sessions, form.user, clock)
    try:
        view = views.erased(left.on_disk, left.left_in_slack, settings.backup_days)
        client.views_update(view_id=form.view_id, view=view)
    except BROKEN:
        # The form was closed meanwhile, or Slack had trouble: it is done all the same, and has to be said.
        _say_left(client, form.user, left, settings)
    show_home(form.user)


def erase_from_message(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    show_home: ShowHome,
) -> None:
    ack()
    press = Press.parse(body)
    left = _leave(client, sessions, press.user, clock)
    _say_left(client, press.user, left, settings)
    show_home(press.user)


def _say_left(client: WebClient, user: str, left: Left, settings: Settings) -> None:
    said = views.erased_lines(left.on_disk, left.left_in_slack, settings.backup_days)
    client.chat_postMessage(channel=user, text=" ".join(said), blocks=[section(line) for line in said])


def _leave(client: WebClient, sessions: SessionFactory, user: str, clock: Clock) -> Left:
    left = leave(sessions, client, holder(sessions, client, user), clock)
    log.info("erased", person=user, on_disk=left.on_disk, left_in_slack=left.left_in_slack)
    return left
