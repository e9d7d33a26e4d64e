"""One real submission of a ballot: its payload for any person, and the view that answers it."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltRequest

from bot.pulse.keys import WaveKeys
from storage.people import RosterRow
from storage.tables import Wave
from tests.bench import pulse_rows
from tests.bench.checkin_work import MODEL, TimedAck
from tests.candor import Candor, in_roster
from tests.pulse.ballot.acts import open_form
from tests.pulse.world import keys_of

COMMENT = "We would like to know sooner what is planned, and why it is planned this way."
ANSWERS = dict(zip(pulse_rows.ASKED, ("4", "2", "0", "1"), strict=True))


@dataclass(frozen=True)
class Work:
    """The model's payload and the view that answered it, as JSON, and the wave with its keys."""

    payload: str
    sealed: str
    wave: Wave
    keys: WaveKeys

    def body(self, person: str) -> dict[str, Any]:
        """The interaction payload of this person's submission."""
        return _object(self.payload.replace(MODEL, person))

    def view(self) -> dict[str, Any]:
        """What replaces the form."""
        return _object(self.sealed)


def _object(text: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text)
    return made


def record(candor: Candor, people: Sequence[str]) -> Work:
    """A wave is open, these people are in the roster, and somebody else fills in the form and sends it."""
    in_roster(candor.sessions, *(RosterRow(each, "Europe/Madrid") for each in [MODEL, *people]))
    candor.join(MODEL)
    wave = pulse_rows.begin(candor.sessions, keys_of(candor), 0)
    open_form(candor, wave, MODEL)
    assert candor.sandbox.user(MODEL).fill_and_submit(values={**ANSWERS, "comment": COMMENT}).ok
    payload, view = candor.sandbox.last_payload("interactive"), candor.top_modal(MODEL)
    shown = {key: view[key] for key in ("type", "title", "blocks", "callback_id", "private_metadata", "close")}
    return Work(json.dumps(payload), json.dumps(shown), wave, keys_of(candor).load(wave.id, wave.key_mark))


def submit(app: App, body: dict[str, Any]) -> float:
    """Dispatch a submission in this thread; returns the seconds until its ack."""
    ack = TimedAck()
    request = BoltRequest(mode="socket_mode", body=body, context={"ack": ack})
    started = time.perf_counter()
    app.dispatch(request)
    assert ack.response is not None and json.loads(ack.response.body)["response_action"] == "update"
    return ack.at - started
