"""The digest's own buttons: open it, set when it comes, skip one, say that something looks wrong."""

from datetime import date
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View, notice
from bot.consent.opt_in import agreed_to, correct_identity
from bot.delivery.posting import Unknown, outcome_of
from bot.digest import settings_views, views
from bot.digest.reading import read_digests
from bot.digest.timing import Wish, pause, save_wish, skip_next
from bot.edge import Press, ShowHome, Submission, on_top
from bot.errors import CandorError, NothingToContact, NotOptedIn
from bot.people.known import known_person, profile
from bot.settings import Settings
from bot.slack_errors import BROKEN, error_code
from bot.weeks import Clock
from storage import consents, preferences
from storage.database import SessionFactory, reading

NOT_TAKEN = "Slack did not take it, so it was not sent. Please try again later, or ask HR directly."
UNSURE = (
    "Slack did not say whether it took it. Ask the contact before you send it again, so that it is not there twice."
)

log = structlog.get_logger("candor.digest")


def register(app: App) -> None:
    app.action("digest.open")(open_figures)
    app.action("digest.settings")(open_settings)
    app.action("digest.skip")(skip)
    app.action("digest.pause")(toggle_pause)
    app.action("digest.wrong")(open_wrong)
    app.action("digest.identity")(read_identity)
    app.view("digest.settings")(save_settings)
    app.view("digest.wrong")(send_to_contact)


def open_figures(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    with reading(sessions) as session:
        digest = read_digests(session, [press.user], date.fromisoformat(press.subject), clock()).get(press.user)
    if digest is None:
        raise NotOptedIn
    client.views_open(trigger_id=press.trigger_id, view=views.in_modal(digest))


def open_settings(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory) -> None:
    ack()
    press = Press.parse(body)
    client.views_open(trigger_id=press.trigger_id, view=settings_view(sessions, press.user))


def settings_view(sessions: SessionFactory, user: str) -> View:
    """The settings modal of `user`; raises `NotOptedIn`."""
    with reading(sessions) as session:
        held, preference = consents.get(session, user), preferences.get(session, user)
    if held is None or preference is None:
        raise NotOptedIn
    return settings_views.form(user, preference, held.consent.figures_in_dm)


def save_settings(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock, show_home: ShowHome
) -> None:
    form = Submission.parse(body)
    wish = Wish(
        weekday=int(form.chosen("weekday")),
        hour=int(form.chosen("hour")),
        figures_in_dm=form.chosen("figures") == "dm",
        paused=form.chosen("paused") == "yes",
    )
    try:
        save_wish(sessions, known_person(sessions, client, form.user), wish, clock())
    except CandorError as error:
        ack(response_action="errors", errors={"weekday": str(error)})
        return
    ack()
    show_home(form.user)


def skip(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock, show_home: ShowHome
) -> None:
    ack()
    press = Press.parse(body)
    words = skip_next(sessions, known_person(sessions, client, press.user), clock())
    client.views_open(trigger_id=press.trigger_id, view=notice("Skipped", words))
    show_home(press.user)


def toggle_pause(
    ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock, show_home: ShowHome
) -> None:
    ack()
    press = Press.parse(body)
    person = known_person(sessions, client, press.user)
    words = pause(sessions, person, press.subject == "pause", clock())
    client.views_open(trigger_id=press.trigger_id, view=notice("Messages", words))
    show_home(press.user)


def open_wrong(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, settings: Settings) -> None:
    ack()
    press = Press.parse(body)
    held, policy = agreed_to(sessions, press.user)
    address = held.identities.get("email")
    view = settings_views.wrong(press.user, press.subject, policy.contact, settings.contact, address)
    on_top(client, press, view)


def read_identity(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory) -> None:
    ack()
    press = Press.parse(body)
    person = known_person(sessions, client, press.user)
    changed = correct_identity(sessions, person, profile(sessions, client, press.user).email)
    words = (
        "Your profile has a new address. Usage that came with the old one is deleted; the next import looks for the "
        "new one."
        if changed
        else "Your Slack profile has the same address as before, so nothing was changed."
    )
    on_top(client, press, notice("Your address", words))


def send_to_contact(ack: Ack, body: dict[str, Any], client: WebClient, settings: Settings) -> None:
    form = Submission.parse(body)
    if settings.contact is None:
        ack(response_action="errors", errors={"message": str(NothingToContact())})
        return
    text, blocks = settings_views.to_contact(form.user, form.subject, form.typed("message") or "")
    try:
        client.chat_postMessage(channel=settings.contact, text=text, blocks=blocks)
    except BROKEN as error:
        log.warning("words not sent to the contact", error=error_code(error))
        unsure = isinstance(outcome_of(error), Unknown)
        ack(response_action="errors", errors={"message": UNSURE if unsure else NOT_TAKEN})
        return
    ack(response_action="update", view=notice("Sent", "Your words were sent. Your figures were not."))
    log.info("words sent to the contact", person=form.user)
