"""What people do with a ballot's form, and what is left of it afterwards."""

import copy
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltRequest, BoltResponse

from bot.pulse.ballot.views import answer_button
from bot.pulse.envelope import Ballot, unpack
from bot.pulse.sealing import ciphertext_of, opened
from bot.sandbox.model import Message
from bot.sandbox.writing import Result
from storage import ballots
from storage.database import reading
from storage.tables import Base, Wave
from tests.candor import Candor
from tests.pulse.world import keys_of

Json = dict[str, Any]
# Four bytes in UTF-8, two units in UTF-16, one character.
WIDE = "\U0001f9ea"
CHANNEL = "C0EVERYBODY"


def posted(candor: Candor, wave: Wave) -> Message:
    """A message with the wave's button in a channel that everybody is in."""
    workspace = candor.sandbox.workspace
    channel = workspace.channels.get(CHANNEL) or workspace.add_channel(id=CHANNEL, name="everybody", has_bot=True)
    channel.members |= set(workspace.users)
    blocks = [{"type": "actions", "elements": [answer_button(wave)]}]
    candor.client.chat_postMessage(channel=CHANNEL, text="The pulse", blocks=blocks)
    return workspace.messages(CHANNEL)[-1]


def open_form(candor: Candor, wave: Wave, user: str = "U01") -> Json:
    """Press the wave's button in a channel; the modal that opens."""
    candor.sandbox.user(user).press("ballot.open", message=posted(candor, wave))
    return candor.top_modal(user)


def send(candor: Candor, wave: Wave, user: str = "U01", **values: Any) -> Result:
    """Open the form, fill it in and send it."""
    open_form(candor, wave, user)
    return candor.sandbox.user(user).fill_and_submit(values=values)


def submission(candor: Candor, wave: Wave, user: str = "U01") -> Json:
    """What Slack sends for a form with two answers and a comment, without sending it."""
    open_form(candor, wave, user)
    sent: list[Json] = []

    class Caught:
        """In the place of the app: takes what is sent, and lets nothing through."""

        def dispatch(self, request: BoltRequest) -> BoltResponse:
            sent.append(copy.deepcopy(request.body))
            return BoltResponse(status=200, body="")

    candor.sandbox.deliver_inline(Caught())  # type: ignore[arg-type]
    candor.sandbox.user(user).fill_and_submit(values={"belief:never": "2", "gaming": "5", "comment": "As it is."})
    candor.sandbox.deliver_inline(candor.app)
    return sent[0]


def changed(body: Json, values: Mapping[str, Any]) -> Json:
    """The submission with other values in its state, by block id; forged, because no form offers them."""
    forged = copy.deepcopy(body)
    for block, value in values.items():
        element = {"type": "radio_buttons", "selected_option": {"value": value}} if block != "comment" else None
        forged["view"]["state"]["values"][block] = {block: element or {"type": "plain_text_input", "value": value}}
    return forged


def dispatched(candor: Candor, body: Json) -> Json:
    """The app's answer to what Slack sends."""
    return candor.sandbox.send_raw(body, "interactive").response or {}


def error_of(answer: Json) -> str:
    """The one error in the form."""
    assert answer["response_action"] == "errors"
    (words,) = answer["errors"].values()
    return str(words)


def kept(candor: Candor, wave: Wave) -> list[Ballot]:
    """The ballots of a wave, opened with the key that lies outside the database."""
    keys = keys_of(candor).load(wave.id, wave.key_mark)
    assert keys.private is not None
    with reading(candor.sessions) as session:
        rows = list(ballots.sealed(session, wave.id))
    return [unpack(opened(ciphertext_of(raw, keys.secret, wave.id, tag), keys.private, wave.id)) for tag, raw in rows]


def everything(candor: Candor) -> dict[str, list[str]]:
    """Every row of every table."""
    with reading(candor.sessions) as session:
        connection = session.connection()
        return {
            table.name: sorted(map(repr, connection.execute(table.select()).all()))
            for table in Base.metadata.sorted_tables
        }
