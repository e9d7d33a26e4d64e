"""Opt in, change what was agreed to, and take the receipt away."""

import json
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View, notice
from bot.consent import views
from bot.consent.collected import collected
from bot.consent.offer import offer
from bot.consent.opt_in import Choice, agreed_to, opt_in
from bot.consent.receipt import receipt
from bot.edge import Press, ShowHome, Submission, on_top
from bot.errors import CandorError
from bot.files import send_files
from bot.people.known import known_person, profile
from bot.policy.versions import version
from bot.weeks import Clock, arrival, day_words, zone
from storage import consents, preferences
from storage.database import SessionFactory, reading
from storage.tables import Person, Preference


def register(app: App) -> None:
    app.action("consent.open")(open_form)
    app.action("consent.collected")(show_collected)
    app.action("consent.receipt")(send_receipt)
    app.view("consent.submit")(submit)


def open_form(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    known_person(sessions, client, press.user)
    email = profile(sessions, client, press.user).email
    with reading(sessions) as session:
        held = consents.get(session, press.user)
    agreeing = press.subject == views.AGREE
    form = views.form(press.user, offer(sessions, held, clock()), email, held, agreeing=agreeing)
    on_top(client, press, form)


def show_collected(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    with reading(sessions) as session:
        held = consents.get(session, press.user)
    offered = offer(sessions, held, clock())
    client.views_open(trigger_id=press.trigger_id, view=collected(offered.own or offered.terms, held))


def submit(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    clock: Clock,
    show_home: ShowHome,
) -> None:
    form, now = Submission.parse(body), clock()
    try:
        person = known_person(sessions, client, form.user)
        choice = Choice(
            tools=tuple(form.ticked("tools")),
            figures_in_dm="yes" not in form.ticked("private"),
            email=profile(sessions, client, form.user).email,
        )
        seen = views.Seen.parse(form.subject)
        # A form that was opened to change a consent must not make one that was withdrawn meanwhile.
        stays = "yes" in form.ticked("stay")
        opt_in(sessions, person, choice, version(sessions, seen.version), now, change=seen.change, stays=stays)
    except CandorError as error:
        ack(response_action="errors", errors={_blame(form): str(error)})
        return
    with reading(sessions) as session:
        preference = preferences.get(session, form.user)
    assert preference is not None
    ack(
        response_action="update",
        view=views.saved(seen.version, stays=stays) if seen.change else _done(person, preference),
    )
    show_home(form.user)


def send_receipt(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    held, policy = agreed_to(sessions, press.user)
    content = json.dumps(receipt(held, policy, company=client.auth_test()["team"]), indent=2, ensure_ascii=False)
    on_top(client, press, notice("Receipt", "Your receipt is on its way into Candor's direct message."))
    files = {"candor-receipt.json": content.encode()}
    send_files(client, sessions, press.user, "Your consent receipt, as you asked.", files, clock())


def _blame(form: Submission) -> str:
    """The input an error is shown at; the form has no tools when the profile has no address."""
    return "tools" if "tools" in form.values else "private"


def _done(person: Person, preference: Preference) -> View:
    # None only while a change of zone waits for the next tick to work out the time anew.
    due = preference.next_due
    first = f"on {day_words(due.astimezone(zone(person.tz)).date())}" if due else "on the next day you chose"
    return views.done(person.id, arrival(preference.weekday, preference.hour), first)
