"""Requests about ballots are in no log, at no level: neither who, nor when, nor that there was one."""

import inspect
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest
from slack_sdk.socket_mode.builtin import connection

from bot.acks import leaves_no_trace
from bot.app import build_app
from bot.logs import configure_logs, quiet_logger
from bot.sandbox.faults import Fault
from tests.candor import START, Candor, Inline
from tests.pulse.ballot.acts import Json, changed, dispatched, error_of, open_form, posted, send, submission
from tests.pulse.world import begin, keys_of


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    configure_logs("DEBUG", written)
    yield written


def lines(log: io.StringIO) -> list[str]:
    """What was logged since the last time."""
    said = log.getvalue().splitlines()
    log.seek(0)
    log.truncate()
    return said


def interaction(name: str) -> Json:
    return {"type": "view_submission", "user": {"id": "U01"}, "view": {"type": "modal", "callback_id": name}}


@pytest.fixture(autouse=True)
def somebody(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").open_home()


def test_opening_and_sending_a_ballot_is_in_no_log_also_at_debug(candor: Candor, log: io.StringIO) -> None:
    wave = begin(candor)
    lines(log)
    assert send(candor, wave, gaming="2", comment="canary").ok
    user = candor.sandbox.user("U01")
    user.close_modal()
    user.command("/candor", "pulse")
    user.close_modal()
    user.say("pulse")
    assert lines(log) == []
    user.command("/candor", "checkin")
    assert any("refused" in line for line in lines(log))


def test_no_refusal_and_no_failure_of_a_ballot_is_logged(candor: Candor, log: io.StringIO) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    lines(log)
    dispatched(candor, changed(body, {"gaming": "9"}))
    candor.join("U09", is_restricted=True)
    open_form(candor, wave, "U09")
    candor.join("U08")
    for kind in ("html_200", "error_500_before", "drop_before"):
        candor.sandbox.faults.add(Fault("users.info", kind))
        body["user"]["id"], body["view"]["private_metadata"] = "U08", f"U08|{wave.id}"
        words = error_of(dispatched(candor, body))
        assert "Something went wrong on our side" in words
        assert "quote" not in words
    assert dispatched(candor, body)["response_action"] == "update"
    assert lines(log) == []


def test_a_form_that_cannot_be_opened_is_in_no_log_and_in_no_dm(candor: Candor, log: io.StringIO) -> None:
    wave = begin(candor)
    lines(log)
    candor.sandbox.faults.add(Fault("views.open", "error_500_before", times=2))
    candor.sandbox.user("U01").press("ballot.open", message=posted(candor, wave))
    assert lines(log) == []
    assert candor.dms("U01") == []
    candor.sandbox.faults.add(Fault("views.open", "error_500_before", times=2))
    candor.sandbox.user("U01").command("/candor", "help")
    assert any("failed" in line for line in lines(log))
    assert "Something went wrong" in candor.dms("U01")[-1].text


def test_a_ballot_with_a_bad_signature_is_in_no_log(candor: Candor, log: io.StringIO) -> None:
    body = submission(candor, begin(candor))
    lines(log)
    raw = urlencode({"payload": json.dumps(body)})
    unsigned = BoltRequest(mode="http", body=raw, headers={"x-slack-signature": ["v0=0"]})
    assert candor.app.dispatch(unsigned).status == 401
    assert lines(log) == []


@pytest.mark.parametrize(("name", "logged"), [("ballot.noisy", []), ("other.noisy", ["ack", "after"])])
def test_whatever_a_ballots_listener_calls_logs_nothing_in_its_own_thread(
    candor: Candor, log: io.StringIO, name: str, logged: list[str]
) -> None:
    with ThreadPoolExecutor(2) as threads:
        app = build_app(candor.services, candor.client, executor=threads)

        def noisy(ack: Callable[[], None]) -> None:
            logging.getLogger("somebody.elses").error("ack")
            ack()
            logging.getLogger("somebody.elses").error("after")

        app.view(name)(noisy)
        assert app.dispatch(BoltRequest(mode="socket_mode", body=interaction(name))).status == 200
    assert lines(log) == logged


@pytest.mark.parametrize(("name", "logged"), [("ballot.slow", False), ("other.slow", True)])
def test_that_a_ballot_was_not_acknowledged_in_time_is_not_logged(
    candor: Candor, log: io.StringIO, name: str, logged: bool
) -> None:
    with ThreadPoolExecutor(2) as threads:
        app = build_app(candor.services, candor.client, executor=threads)
        app.view(name)(lambda: time.sleep(3.2))
        assert app.dispatch(BoltRequest(mode="socket_mode", body=interaction(name))).status == 404
    assert bool(lines(log)) is logged


def test_how_long_a_ballots_ack_took_is_not_counted(candor: Candor) -> None:
    told: list[float] = []
    candor.sandbox.deliver_inline(build_app(candor.services, candor.client, executor=Inline(), acked=told.append))
    assert send(candor, begin(candor), gaming="2").ok
    candor.sandbox.user("U01").close_modal()
    candor.sandbox.user("U01").command("/candor", " Pulse. ")
    candor.sandbox.user("U01").say("pulse")
    assert told == []
    candor.sandbox.user("U01").command("/candor", "help")
    assert len(told) == 1


def test_operators_hear_of_failures_as_a_number_once_an_hour_and_of_nobody(candor: Candor, log: io.StringIO) -> None:
    wave = begin(candor)
    candor.tick()
    keys, away = keys_of(candor).path, keys_of(candor).path.with_name(f"{wave.id}-away")
    body = submission(candor, wave)
    lines(log)
    keys.rename(away)
    assert "cannot be sealed" in error_of(dispatched(candor, body))
    assert "cannot be sealed" in error_of(dispatched(candor, body))
    assert "not one of those" in error_of(dispatched(candor, changed(body, {"gaming": "9"})))
    away.rename(keys)
    candor.clock.pass_by(minutes=59)
    candor.tick()
    assert not told_of_ballots(log)
    candor.clock.pass_by(minutes=1)
    candor.tick()
    (line,) = told_of_ballots(log)
    assert "error='CannotSeal' times=2" in line
    assert "U01" not in line
    candor.clock.pass_by(hours=2)
    candor.tick()
    assert not told_of_ballots(log)


def told_of_ballots(log: io.StringIO) -> list[str]:
    return [line for line in lines(log) if "ballots could not be taken" in line]


def test_a_clock_that_was_set_back_keeps_no_failure_from_operators(candor: Candor) -> None:
    failures = candor.services.ballot_failures
    assert failures.take(START.replace(year=2030)) == {}
    failures.note("CannotSeal")
    assert failures.take(START) == {}
    assert failures.take(START.replace(hour=13)) == {"CannotSeal": 1}


def test_a_frame_that_socket_mode_does_not_know_is_logged_without_what_is_in_it(log: io.StringIO) -> None:
    assert "opcode: {opcode}, payload: {payload})" in inspect.getsource(connection)
    quiet_logger("candor.socket_mode").warning("Received an unsupported data frame (opcode: 0, payload: canary)")
    assert lines(log) == ["Received an unsupported data frame (opcode: 0, payload: not logged)"]


@pytest.mark.parametrize(
    ("body", "traceless"),
    [
        ({"actions": [{"action_id": "ballot.open"}]}, True),
        ({"view": {"callback_id": "ballot.submit"}}, True),
        ({"type": "view_closed", "view": {"callback_id": "ballot.sealed"}}, True),
        ({"actions": [{"action_id": "x"}], "view": {"callback_id": "ballot.over"}}, True),
        ({"command": "/candor", "text": "`Pulse`"}, True),
        ({"event": {"type": "message", "text": "pulse!"}}, True),
        ({"actions": [{"action_id": "pulse.results"}]}, False),
        ({"view": {"callback_id": "checkin.submit"}}, False),
        ({"command": "/candor", "text": "help"}, False),
        ({"event": {"type": "message", "text": "pulse rate?"}}, False),
        ({"actions": "ballot.open", "view": ["ballot."], "event": None}, False),
        ({"actions": [None, 3], "view": None, "text": None, "command": None}, False),
        ({}, False),
    ],
)
def test_a_request_is_known_as_a_ballots_whatever_its_shape(body: Json, traceless: bool) -> None:
    assert leaves_no_trace(body) is traceless
