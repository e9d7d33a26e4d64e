"""One real check-in submission: its payload for any person, and the SQL that ours runs for it."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse

from storage import consents, people, policies, preferences
from storage.people import RosterRow
from storage.tables import Consent, Preference
from tests.bench.statements import Step, listening
from tests.candor import START, Candor

# Who fills in the real form, and who submits the same again while we listen.
MODEL, PROBE = "U0000000", "U0000001"
ANSWERS = {"saved": "2to4", "rework": "lt1", "note": "Tests and a first draft of the docs"}
HELPED = ["coding", "reviewing"]


def person_id(number: int) -> str:
    """An id as long as the model's, so that all payloads are of one size."""
    return f"U1{number:06d}"


class TimedAck(Ack):
    """Bolt's own ack; `at` is the `perf_counter` of the call, 0 before it."""

    def __init__(self) -> None:
        self.response: BoltResponse | None = None
        self.at = 0.0

    def __call__(self, *args: Any, **kwargs: Any) -> BoltResponse:
        response = super().__call__(*args, **kwargs)
        self.at = time.perf_counter()
        return response


def submit(app: App, body: dict[str, Any], ack: TimedAck) -> float:
    """Dispatch a submission in this thread; returns the seconds until its ack."""
    request = BoltRequest(mode="socket_mode", body=body, context={"ack": ack})
    started = time.perf_counter()
    app.dispatch(request)
    assert ack.response is not None and json.loads(ack.response.body) == {"response_action": "clear"}
    return ack.at - started


@dataclass(frozen=True)
class Work:
    """What one submission is: the model's payload and Home tab, as JSON, and the probe's statements before and after
    the ack, with BEGIN and COMMIT."""

    payload: str
    home: str
    before_ack: Sequence[Step]
    after_ack: Sequence[Step]

    def body(self, person: str) -> dict[str, Any]:
        """The interaction payload of this person's submission."""
        return _object(self.payload.replace(MODEL, person))

    def view(self, person: str) -> dict[str, Any]:
        """The Home tab as this person is shown it."""
        return _object(self.home.replace(MODEL, person))


def _object(text: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text)
    return made


def join(candor: Candor, ids: Sequence[str]) -> None:
    """People who are in the workspace and have opted in, none of whom has reported the week."""
    with candor.sessions.begin() as session:
        policy = policies.newest(session)
        assert policy is not None
        people.upsert_roster(session, [RosterRow(each, "Europe/Madrid") for each in ids])
        for each in ids:
            consent = Consent(person_id=each, receipt_id=each, policy_hash=policy.hash, granted_at=START)
            consents.grant(session, consent, ["claude-code", "chatgpt"], START.date())
            consents.set_identity(session, each, "email", f"{each.lower()}@haldenlabs.example", "Slack profile")
            preferences.save(session, Preference(person_id=each))
    for each in ids:
        candor.sandbox.workspace.add_user(id=each, name=each, tz="Europe/Madrid")


def record(candor: Candor) -> Work:
    """Have two people report the week, and write down what the second submission took."""
    join(candor, [MODEL, PROBE])
    model = candor.sandbox.user(MODEL)
    assert model.command("/candor", "checkin").ok and model.fill_and_submit(values={**ANSWERS, "helped": HELPED}).ok
    payload = json.dumps(candor.sandbox.last_payload("interactive"))
    home = next(call for call in reversed(candor.sandbox.workspace.calls) if call.method == "views.publish")
    ack = TimedAck()
    with listening(candor.sessions.kw["bind"]) as heard:
        submit(candor.app, _object(payload.replace(MODEL, PROBE)), ack)
    return Work(
        payload,
        json.dumps(home.args["view"]),
        before_ack=[step for step in heard if step.at < ack.at],
        after_ack=[step for step in heard if step.at >= ack.at],
    )
