"""Whether somebody wants to be invited: their own choice, kept with their row and with nothing else."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import notice
from bot.edge import Press, ShowHome, on_top
from bot.people.known import known_person
from bot.pulse.inviting import views
from storage import invitations
from storage.database import SessionFactory


def register(app: App) -> None:
    app.action("pulse.stop_inviting")(choose)
    app.action("pulse.invite_again")(choose)


def choose(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, show_home: ShowHome) -> None:
    ack()
    press = Press.parse(body)
    wanted = body["actions"][0]["action_id"] == "pulse.invite_again"
    person = known_person(sessions, client, press.user)
    with sessions.begin() as session:
        invitations.choose(session, person.id, wanted)
    on_top(client, press, notice("Invitations", views.AGAIN if wanted else views.STOPPED))
    show_home(press.user)
