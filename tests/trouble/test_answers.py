"""Answers that are no answers: whatever stands in the place of Slack's, each person has exactly one message."""

import json
from datetime import timedelta

import pytest

from bot.app import make_client
from bot.delivery.posting import DEFAULT_RETRY_AFTER, LONGEST_RETRY_AFTER
from bot.sandbox.web_api import Answer
from bot.slack_errors import BROKEN
from storage.deliveries import State
from tests.candor import settings_for
from tests.delivery.world import MONDAY
from tests.trouble.front import says
from tests.trouble.fronted import POST, Fronted
from tests.trouble.lines import logged

DEEP = '{"ok": true, "a": ' + "[" * 100_000
PROVE_NOTHING: dict[str, Answer] = {
    "no ts": says('{"ok": true, "channel": "D1"}'),
    "no channel": says('{"ok": true, "ts": "1.1"}'),
    "a ts that is a number": says('{"ok": true, "channel": "D1", "ts": 1.1}'),
    "a channel that is an object": says('{"ok": true, "channel": {"id": "D1"}, "ts": "1.1"}'),
    "no error": says('{"ok": false}'),
    "an error that is an object": says('{"ok": false, "error": {"text": "canary-text"}}'),
    "an error that is a sentence": says('{"ok": false, "error": "Sorry, canary-text"}'),
    "an error of next year": says('{"ok": false, "error": "next_year"}'),
    "a list": says('["canary-text"]'),
    "an empty list": says("[]"),
    "null": says("null"),
    "a number": says("1"),
    "a text": says('"canary-text"'),
    "nothing": says(""),
    "too deep": says(DEEP),
    "a strange charset": says('{"ok": true}', kind="application/json; charset=canary-text"),
    "bytes that are no text": says(b"\xff\xfe\xfd"),
    "packed": says(b"\x1f\x8b", kind="application/gzip"),
    "ten megabytes": says(json.dumps({"ok": True, "canary-text": "x" * 10_000_000})),
    "ten megabytes of nothing": says(b" " * 10_000_000),
    "a page of a proxy": says("<html>canary-text</html>", 403, "text/html"),
}


@pytest.mark.parametrize("swallowed", [True, False], ids=["not delivered", "delivered"])
@pytest.mark.parametrize("how", PROVE_NOTHING)
def test_an_answer_that_proves_nothing_is_looked_up_and_never_believed(
    world: Fronted, how: str, swallowed: bool
) -> None:
    people, outbox = world.crowd(2), world.outbox()
    world.front.answers = {POST: PROVE_NOTHING[how]}
    world.front.swallowed = {POST} if swallowed else set()
    with logged():
        assert outbox.run(world.clock()).unknown == 2
        assert set(world.states()) == {State.UNKNOWN}
        world.front.answers, world.front.swallowed = {}, set()
        world.run_for(outbox, minutes=10, every_s=60)
    assert set(world.states()) == {State.SENT}
    assert [len(world.messages(each)) for each in people] == [1, 1]


WAITS: dict[str | None, float] = {
    None: DEFAULT_RETRY_AFTER,
    "": DEFAULT_RETRY_AFTER,
    "-5": DEFAULT_RETRY_AFTER,
    "1e9": DEFAULT_RETRY_AFTER,
    "nan": DEFAULT_RETRY_AFTER,
    "²": DEFAULT_RETRY_AFTER,
    "Mon, 23 Nov 2026 10:00:00 GMT": DEFAULT_RETRY_AFTER,
    "0": 0,
    "45": 45,
    "86400": LONGEST_RETRY_AFTER,
    "9" * 30: LONGEST_RETRY_AFTER,
    "9" * 500: LONGEST_RETRY_AFTER,
}


@pytest.mark.parametrize("body", ['{"ok": false, "error": "ratelimited"}', "<html>slow down</html>", "[1]"])
@pytest.mark.parametrize("said", WAITS, ids=lambda said: f"{said:.30}" if said else str(said))
def test_a_429_waits_as_long_as_it_says_where_that_is_a_time_to_wait(
    world: Fronted, said: str | None, body: str
) -> None:
    [who], outbox = world.crowd(1), world.outbox()
    headers = {} if said is None else {"Retry-After": said.encode().decode("latin-1")}
    world.front.answers, world.front.swallowed = {POST: says(body, 429, headers=headers)}, {POST}
    tally = outbox.run(world.clock())
    until = MONDAY + timedelta(seconds=WAITS[said])
    assert (tally.limited, tally.resume_at, world.row().not_before) == (1, until, until)
    world.front.answers, world.front.swallowed = {}, set()
    if until > MONDAY:
        world.clock.now = until - timedelta(seconds=1)
        assert outbox.run(world.clock()).sent == 0
    world.clock.now = until
    assert outbox.run(world.clock()).sent == 1
    assert len(world.messages(who)) == 1


@pytest.mark.parametrize("how", ["a list", "a number", "too deep", "a strange charset", "bytes that are no text"])
def test_the_bots_client_raises_nothing_that_its_callers_do_not_expect(world: Fronted, how: str) -> None:
    client = make_client(settings_for(world.slack, slack_api_url=world.front.api_url))
    world.front.answers = {"api.test": PROVE_NOTHING[how]}
    with pytest.raises(BROKEN) as raised:
        client.api_test()
    assert "canary-text" not in str(raised.value)
