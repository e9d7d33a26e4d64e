"""A ballot on each way into the bot, with logs at DEBUG: what is logged is neither the answer nor the person."""

import json
import logging
import time
from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest

from bot.logs import configure_logs
from bot.running import socket_handler
from storage import ballots
from storage.database import reading
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.ballot.acts import posted, submission
from tests.pulse.world import begin
from tests.test_http import address as address
from tests.test_http import post, signed

CANARY = "canary-in-a-comment"
PERSON = "U0CANARY"


@pytest.fixture
def log() -> Iterator[StringIO]:
    heard = StringIO()
    configure_logs("DEBUG", heard)
    yield heard


def said(log: StringIO) -> list[str]:
    return [each for each in (CANARY, PERSON) if each in log.getvalue()]


def voted(candor: Candor, wave: Wave) -> int:
    with reading(candor.sessions) as session:
        return ballots.count(session, wave.id)


def fill_in(candor: Candor, wave: Wave) -> None:
    """As a person would: the form is waited for before it is filled in."""
    user = candor.sandbox.user(PERSON)
    user.press("ballot.open", message=posted(candor, wave))
    assert candor.sandbox.wait_for(lambda w: w.modals(PERSON))
    assert user.fill_and_submit(values={"gaming": "2", "comment": CANARY}).ok


def test_over_socket_mode_nothing_of_a_ballot_is_logged(candor: Candor, log: StringIO) -> None:
    candor.join(PERSON)
    wave = begin(candor)
    candor.sandbox.deliver_socket()
    handler = socket_handler(candor.services, candor.client)
    handler.client.connect()
    assert candor.sandbox.wait_for_connections()
    fill_in(candor, wave)
    handler.client.close()
    candor.sandbox.deliver_inline(candor.app)
    assert (voted(candor, wave), said(log)) == (1, [])


@pytest.mark.parametrize(("age", "taken"), [(0, 1), (600, 0)])
def test_over_http_nothing_of_a_ballot_is_logged_also_when_its_signature_is_refused(
    candor: Candor, address: str, log: StringIO, age: int, taken: int
) -> None:
    candor.join(PERSON)
    wave = begin(candor)
    candor.sandbox.deliver_inline(candor.app)
    body = submission(candor, wave, PERSON)
    body["view"]["state"]["values"]["comment"] = {"comment": {"type": "plain_text_input", "value": CANARY}}
    raw = urlencode({"payload": json.dumps(body)}).encode()
    headers = signed(candor.sandbox.signing_secret, raw, time.time() - age)
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    assert post(f"{address}/slack/events", raw, headers) == (200 if taken else 401)
    assert (voted(candor, wave), said(log)) == (taken, [])


@pytest.fixture
def loud() -> Iterator[logging.Logger]:
    """A logger for Bolt that nobody has quietened; afterwards Bolt's own are as they were."""
    own = logging.getLogger("slack_bolt.RequestVerification")
    level, handlers = own.level, list(own.handlers)
    logger = logging.getLogger("tests.loud")
    logger.setLevel(logging.DEBUG)
    yield logger
    own.setLevel(level)
    own.handlers[:] = handlers


def test_bolt_left_to_itself_logs_the_whole_ballot_when_a_signature_fails(
    candor: Candor, loud: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    """The counter-proof: the same request, to an app whose logger nobody has quietened."""
    candor.join(PERSON)
    body = submission(candor, begin(candor), PERSON)
    body["view"]["state"]["values"]["comment"] = {"comment": {"type": "plain_text_input", "value": CANARY}}
    app = App(client=candor.client, signing_secret="secret", logger=loud)
    raw = urlencode({"payload": json.dumps(body)})
    app.dispatch(BoltRequest(mode="http", body=raw, headers={"x-slack-signature": ["v0=0"]}))
    assert [each in caplog.text for each in (CANARY, PERSON)] == [True, True]
