"""The ballot's button and form. Nothing here, and nothing that it calls, logs or keeps who asked, who sent, or when;
and no statement that the database runs for it names them."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import Block, View, escape, notice
from bot.edge import Press, Submission, on_top
from bot.pulse.ballot import views
from bot.pulse.ballot.roster import Roster
from bot.pulse.ballot.sending import asked, send
from bot.pulse.casting import CannotSeal
from bot.pulse.keys import KeyDirectory
from bot.settings import Settings
from bot.weeks import Clock
from storage.database import SessionFactory


def register(app: App) -> None:
    app.view("ballot.submit")(submit)
    app.action("ballot.open")(open_form)


def open_form(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    roster: Roster,
    settings: Settings,
    clock: Clock,
) -> None:
    ack()
    press = Press.parse(body)
    try:
        found = asked(roster, sessions, client, KeyDirectory(settings.keys), press.user, clock())
    except CannotSeal as error:
        on_top(client, press, notice(views.TITLE, escape(str(error))))
        return
    if found.wave is None or found.wave.id != press.subject:
        on_top(client, press, views.over(press.user, found.wave))
    else:
        on_top(client, press, views.form(found.voter, found.wave))


def ballot_view(
    roster: Roster, sessions: SessionFactory, client: WebClient, settings: Settings, user: str, clock: Clock
) -> View | None:
    """The form of the wave that takes ballots; None while none does. Raises `NotAsked` and `CannotSeal`."""
    found = asked(roster, sessions, client, KeyDirectory(settings.keys), user, clock())
    return views.form(found.voter, found.wave) if found.wave else None


def way_in(
    roster: Roster, sessions: SessionFactory, client: WebClient, settings: Settings, user: str, clock: Clock
) -> tuple[str, Block]:
    """What to say in a message, and the button to the form of the wave that takes ballots, or to the results while
    none does. Raises `NotAsked` and `CannotSeal`."""
    return views.way_in(asked(roster, sessions, client, KeyDirectory(settings.keys), user, clock()))


def submit(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    roster: Roster,
    settings: Settings,
    clock: Clock,
) -> None:
    form = Submission.parse(body)
    voter, closes_at = send(roster, sessions, client, KeyDirectory(settings.keys), form, clock())
    ack(response_action="update", view=views.sealed(voter, closes_at))
