"""The ballot's button and form. Nothing here, and nothing that it calls, logs or keeps who asked, who sent, or when;
and no statement that the database runs for it names them."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import Block, View, escape, notice
from bot.edge import Press, Submission, on_top
from bot.pulse.ballot import views
from bot.pulse.ballot.sending import Booth
from bot.pulse.casting import CannotSeal


def register(app: App) -> None:
    app.view("ballot.submit")(submit)
    app.action("ballot.open")(open_form)


def open_form(ack: Ack, body: dict[str, Any], client: WebClient, booth: Booth) -> None:
    ack()
    press = Press.parse(body)
    try:
        found = booth.asked(press.user)
    except CannotSeal as error:
        on_top(client, press, notice(views.TITLE, escape(str(error))))
        return
    if found.wave is None or found.wave.id != press.subject:
        on_top(client, press, views.over(press.user, found.wave))
    else:
        on_top(client, press, views.form(found.voter, found.wave))


def ballot_view(booth: Booth, user: str) -> View | None:
    """The form of the wave that takes ballots; None while none does. Raises `NotAsked` and `CannotSeal`."""
    found = booth.asked(user)
    return views.form(found.voter, found.wave) if found.wave else None


def way_in(booth: Booth, user: str) -> tuple[str, Block]:
    """What to say in a message, and the button to the form of the wave that takes ballots, or to the results while
    none does. Raises `NotAsked` and `CannotSeal`."""
    return views.way_in(booth.asked(user))


def submit(ack: Ack, body: dict[str, Any], booth: Booth) -> None:
    voter, closes_at = booth.send(Submission.parse(body))
    ack(response_action="update", view=views.sealed(voter, closes_at))
