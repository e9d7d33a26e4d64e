"""See the results, download them, and say what was done about them."""

from datetime import datetime
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View, notice
from bot.edge import Press, Submission, on_top
from bot.files import hand_out
from bot.people.hr import Hr
from bot.people.known import known_person
from bot.pulse.ballot.answers import cleaned
from bot.pulse.results import reading, table, views
from bot.pulse.results.replying import asked_promise, publish
from bot.weeks import Clock
from storage.database import SessionFactory
from storage.database import reading as transaction

log = structlog.get_logger("candor.pulse")

ON_ITS_WAY = "The file is on its way, as a direct message from Candor. It holds what everybody sees, nothing more."
EMPTY = "Write what was done, or why nothing was."
TOO_LONG = f"At most {views.LONGEST_REPLY} characters."


def register(app: App) -> None:
    app.action("pulse.results")(show)
    app.action("pulse.results.page.before")(turn_page)
    app.action("pulse.results.page.next")(turn_page)
    app.action("pulse.download")(download)
    app.action("pulse.reply")(write)
    app.view("pulse.reply")(publish_reply)


def show(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    known_person(sessions, client, press.user)
    on_top(client, press, results_view(sessions, hr, press.user, clock()))


def results_view(sessions: SessionFactory, hr: Hr, user: str, now: datetime, page: int = 0) -> View:
    """All results as a modal, at this page; what HR has besides are buttons."""
    results, comments = _read(sessions, now)
    return views.results_modal(results, comments, user, is_hr=user in hr, page=page)


def turn_page(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock
) -> None:
    ack()
    press = Press.parse(body)
    page = press.subject.removeprefix("page:")
    view = results_view(sessions, hr, press.user, clock(), int(page) if page.isdecimal() else 0)
    client.views_update(view_id=press.view_id or "", view=view)


def download(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    hr.require(press.user)
    file = table.as_csv(table.rows(*_read(sessions, clock())))
    on_top(client, press, notice("Download", ON_ITS_WAY))
    hand_out(client, press.user, "The results of the pulse, as everybody sees them.", {"pulse-results.csv": file})


def write(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    hr.require(press.user)
    on_top(client, press, views.reply_form(asked_promise(sessions, press.subject, clock()), press.user))


def publish_reply(ack: Ack, body: dict[str, Any], sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    form = Submission.parse(body)
    text = cleaned(form.typed("reply"))
    if text is None or len(text) > views.LONGEST_REPLY:
        ack(response_action="errors", errors={"reply": TOO_LONG if text else EMPTY})
        return
    hr.require(form.user)
    promise = asked_promise(sessions, form.subject, clock())
    stored = publish(sessions, form.view_id, promise, text, form.user, clock())
    ack(response_action="update", view=views.reply_published())
    if stored:
        log.info("a reply to a pulse was published", person=form.user)


def _read(sessions: SessionFactory, now: datetime) -> tuple[reading.Results, list[str]]:
    with transaction(sessions) as session:
        results = reading.read(session, now)
        return results, list(reading.comments(session, results))
