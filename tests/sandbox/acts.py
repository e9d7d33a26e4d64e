"""What several tests make the app do."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.samples import actions, button

Json = dict[str, Any]


def opens(app: App, action_id: str, view: Json) -> list[Json]:
    """Makes a button open a modal; returns the list into which the payloads come."""
    seen: list[Json] = []

    def listener(ack: Any, body: Json, client: WebClient) -> None:
        seen.append(body)
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    app.action(action_id)(listener)
    return seen


def post(client: WebClient, *blocks: Json) -> None:
    client.chat_postMessage(channel="U01", text="x", blocks=list(blocks))


def open_modal(sandbox: Sandbox, app: App, client: WebClient, view: Json) -> None:
    opens(app, "go", view)
    post(client, actions(button("go")))
    assert sandbox.user("U01").press("go").ok
    assert sandbox.wait_for(lambda workspace: len(workspace.modals("U01")) == 1)


def answers(app: App, callback_id: str, **answer: Any) -> list[Json]:
    """Makes the app acknowledge a submitted modal with `answer`."""
    seen: list[Json] = []

    def listener(ack: Any, body: Json) -> None:
        seen.append(body)
        ack(**answer)

    app.view(callback_id)(listener)
    return seen


def heard(app: App) -> list[Json]:
    """The message events that the app gets from now on."""
    events: list[Json] = []

    def message(event: Json) -> None:
        events.append(event)

    app.event("message")(message)
    return events


def listens(app: App, action_id: str) -> list[Json]:
    """The payloads of this action from now on; each is acknowledged."""
    seen: list[Json] = []

    def listener(ack: Any, body: Json) -> None:
        seen.append(body)
        ack()

    app.action(action_id)(listener)
    return seen
