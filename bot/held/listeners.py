"""See everything held, take it away, delete it."""

from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import notice, section
from bot.edge import Press, ShowHome, Submission, on_top
from bot.files import send_files
from bot.held import views
from bot.held.erase import delete_in_slack, erase_all
from bot.held.export import as_csv, as_json, as_lines
from bot.people.known import known_person
from bot.settings import Settings
from bot.weeks import Clock
from storage import held
from storage.database import SessionFactory

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


def open_held(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory) -> None:
    ack()
    press = Press.parse(body)
    client.views_open(trigger_id=press.trigger_id, view=held_view(client, sessions, press.user))


def held_view(client: WebClient, sessions: SessionFactory, user: str, number: int = 0) -> dict[str, Any]:
    """The modal with everything held about `user`, at this page."""
    known_person(sessions, client, user)
    with sessions.begin() as session:
        tables = held.rows_of(session, user)
    return views.page(user, list(as_lines(tables)), number)


def turn_page(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory) -> None:
    ack()
    press = Press.parse(body)
    client.views_update(view_id=press.view_id, view=held_view(client, sessions, press.user, int(press.subject)))


def export(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    on_top(client, press, notice("Download", "Your files are on their way into Candor's direct message."))
    export_for(client, sessions, press.user, clock)


def export_for(client: WebClient, sessions: SessionFactory, user: str, clock: Clock) -> None:
    """Send `user` everything held about them, as JSON and as CSV."""
    known_person(sessions, client, user)
    with sessions.begin() as session:
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
    on_disk, left = _erase(client, sessions, form.user, clock)
    client.views_update(view_id=form.view_id, view=views.erased(on_disk, left, settings.backup_days))
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
    on_disk, left = _erase(client, sessions, press.user, clock)
    said = views.erased_lines(on_disk, left, settings.backup_days)
    client.chat_postMessage(channel=press.user, text=" ".join(said), blocks=[section(line) for line in said])
    show_home(press.user)


def _erase(client: WebClient, sessions: SessionFactory, user: str, clock: Clock) -> tuple[bool, int]:
    person = known_person(sessions, client, user)
    on_disk = erase_all(sessions, person, clock())
    left = delete_in_slack(sessions, client, clock())
    log.info("erased", person=user, on_disk=on_disk, left_in_slack=left)
    return on_disk, left
