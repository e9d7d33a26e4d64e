"""One real opening of a manager's Home tab: its event for any manager, the view that comes of it, and its SQL."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltRequest

from bot.weeks import WEEK
from tests.bench import checkin_work
from tests.bench.checkin_work import MODEL, PROBE
from tests.bench.statements import Step, listening
from tests.candor import Candor
from tests.teams.world import first_week, put, regular, release, staff

TEAM = "Engineering / Payments"
COUNTED = [f"U2{number:06d}" for number in range(12)]
RELEASES = 6


@dataclass(frozen=True)
class Work:
    """The model's event and Home tab, as JSON, and the probe's statements with BEGIN and COMMIT; the event of the probe
    has the id `event`."""

    payload: str
    home: str
    event: str
    steps: Sequence[Step]

    def body(self, person: str, event: str) -> dict[str, Any]:
        """The event of this person's opening; `event` is its id."""
        return _event(self.payload, person, event)

    def view(self, person: str) -> dict[str, Any]:
        """The Home tab as this person is shown it."""
        return _object(self.home.replace(MODEL, person))


def event_id(number: int) -> str:
    return f"EvB{number:06d}"


def _event(payload: str, person: str, event: str) -> dict[str, Any]:
    return _object(payload.replace(MODEL, person)) | {"event_id": event}


def _object(text: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text)
    return made


def join(candor: Candor, managers: Sequence[str]) -> None:
    """A team that six releases show, and people who manage it together; all of them have opted in."""
    everybody = [MODEL, PROBE, *managers]
    staff(candor.sessions, {TEAM: COUNTED})
    checkin_work.join(candor, everybody)
    for each in everybody:
        put(candor.sessions, each, TEAM, manager=True)
    first = regular(candor.sessions, COUNTED, first_week(candor.sessions) + (RELEASES - 1) * WEEK)
    for number in range(RELEASES):
        made = release(candor.sessions, first + number * WEEK)
        assert made is not None and made.shown > 0


def record(candor: Candor) -> Work:
    """The model opens their Home tab; what the same takes for the probe is written down."""
    candor.sandbox.user(MODEL).open_home()
    payload = json.dumps(candor.sandbox.last_payload("events_api"))
    home = next(call for call in reversed(candor.sandbox.workspace.calls) if call.method == "views.publish")
    assert "summary.home" in str(home.args["view"])
    event = event_id(0)
    with listening(candor.sessions.kw["bind"]) as heard:
        open_home(candor.app, _event(payload, PROBE, event))
    return Work(payload, json.dumps(home.args["view"]), event, heard)


def open_home(app: App, body: dict[str, Any]) -> float:
    """Dispatch the event in this thread; returns the seconds until Slack has taken the view."""
    request = BoltRequest(mode="socket_mode", body=body)
    started = time.perf_counter()
    response = app.dispatch(request)
    seconds = time.perf_counter() - started
    assert response.status == 200
    return seconds
