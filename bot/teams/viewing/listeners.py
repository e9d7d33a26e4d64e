"""Open a summary from the weekly message or from Home, take it away as a file, and choose whether the message comes."""

from datetime import datetime
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import notice
from bot.edge import Press, ShowHome, Shown, Submission, on_top
from bot.errors import CandorError
from bot.people.hr import Hr
from bot.people.known import known_person
from bot.teams.viewing import choosing, views
from bot.teams.viewing.looking import Kept, Look, export, forget_if_lost, home_kind, look
from bot.teams.viewing.taking import hand_over
from bot.teams.viewing.target import Target
from bot.weeks import Clock
from storage import viewing
from storage.database import SessionFactory

log = structlog.get_logger("candor.teams")

ON_ITS_WAY = "The file is on its way, as a direct message from Candor. It holds what the summary shows, nothing more."


def register(app: App) -> None:
    app.action("summary.open")(open_in_message)
    app.action("summary.home")(open_in_home)
    app.action("summary.close")(close)
    app.action("summary.csv")(download)
    app.action("summary.choose")(choose)
    app.view("summary.find")(find)
    app.view("summary.choose")(open_chosen)
    app.action("summary.stop_messages")(choose_messages)
    app.action("summary.send_again")(choose_messages)


def open_in_message(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock
) -> None:
    ack()
    wanted, shown = _wanted(Press.parse(body), hr), Shown.parse(body)
    if shown.channel is None or shown.ts is None:
        return
    summary = look(sessions, wanted, clock(), into=Kept(shown.channel, shown.ts))
    message = views.opened(summary, wanted.target, wanted.who)
    client.chat_update(channel=shown.channel, ts=shown.ts, text=message.text, blocks=message.blocks)
    log.info("a team summary was opened", viewer=wanted.who, team=wanted.target.team)


def open_in_home(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock
) -> None:
    ack()
    _show(client, sessions, _wanted(Press.parse(body), hr), clock())


def close(ack: Ack, body: dict[str, Any], show_home: ShowHome) -> None:
    ack()
    show_home(Press.parse(body).user)


def download(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press, now = Press.parse(body), clock()
    wanted = _wanted(press, hr)
    summary = export(sessions, wanted, now)
    on_top(client, press, notice("Download", ON_ITS_WAY))
    hand_over(client, sessions, wanted, summary, now)
    log.info("a team summary was taken as a file", viewer=wanted.who, team=wanted.target.team)


def choose(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    hr.require(press.user)
    on_top(client, press, choosing.first_form(sessions, press.user, clock()))


def find(ack: Ack, body: dict[str, Any], sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    form = Submission.parse(body)
    hr.require(form.user)
    try:
        view = choosing.found_form(sessions, form.user, form.typed("part") or "", clock())
    except CandorError as error:
        ack(response_action="errors", errors={"part": str(error)})
        return
    ack(response_action="update", view=view)


def open_chosen(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock
) -> None:
    ack()
    form = Submission.parse(body)
    hr.require(form.user)
    _show(client, sessions, Look(form.user, Target.parse(form.chosen("target")), form.view_id), clock())


def choose_messages(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, show_home: ShowHome
) -> None:
    ack()
    press = Press.parse(body)
    wanted = body["actions"][0]["action_id"] == "summary.send_again"
    person = known_person(sessions, client, press.user)
    with sessions.begin() as session:
        viewing.choose_messages(session, person.id, wanted)
    on_top(client, press, notice("Your team's summary", views.AGAIN if wanted else views.STOPPED))
    show_home(press.user)


def _wanted(press: Press, hr: Hr) -> Look:
    target = Target.parse(press.subject)
    if target.as_hr:
        hr.require(press.user)
    return Look(press.user, target, press.trigger_id)


def _show(client: WebClient, sessions: SessionFactory, wanted: Look, now: datetime) -> None:
    """In the Home tab, until it is opened again."""
    summary = look(sessions, wanted, now)
    client.views_publish(user_id=wanted.who, view=views.page(summary, wanted.target, wanted.who))
    forget_if_lost(sessions, wanted, home_kind(wanted.target), [wanted.who], now)
    log.info("a team summary was opened", viewer=wanted.who, team=wanted.target.team)
