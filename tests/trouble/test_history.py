"""A history that cannot be read, in every way: nothing is proved, nothing is sent again, others go on, one line."""

import json
from typing import Any

import pytest

from bot.delivery.outbox import HISTORY_TROUBLE
from bot.delivery.posting import EVENT_TYPE
from bot.sandbox.web_api import Answer
from storage.deliveries import State
from tests.trouble.front import says
from tests.trouble.fronted import HISTORY, OPEN, POST, Fronted
from tests.trouble.lines import ended, logged, loud


def ok(**more: Any) -> Answer:
    return says(json.dumps({"ok": True, **more}))


UNREADABLE = {
    "an error of the server": says("canary-text", 500, "text/plain"),
    "a page": says("<html>canary-text</html>", kind="text/html"),
    "no JSON": says('{"ok": tru'),
    "nothing": says(""),
    "a list": says('["canary-text"]'),
    "null": says("null"),
    "a text": says('"canary-text"'),
    "a strange charset": says("{}", kind="application/json; charset=canary-text"),
    "too deep": says('{"ok": true, "messages": ' + "[" * 100_000),
    "no messages": ok(),
    "messages that are none": ok(messages=["canary-text"]),
    "messages by number": ok(messages={"0": {}}),
    "more, but no cursor": ok(messages=[], has_more=True),
    "a cursor that is none": ok(messages=[], response_metadata=["canary-text"]),
    "pages without end": ok(messages=[], response_metadata={"next_cursor": "again"}),
    "a scope that is missing": says('{"ok": false, "error": "missing_scope"}'),
    "an error of next year": says('{"ok": false, "error": "next_year"}'),
    "an error that is none": says('{"ok": false, "error": {"text": "canary-text"}}'),
}
NO_CHANNEL = {
    "a page": says("<html></html>", kind="text/html"),
    "no channel": ok(),
    "a channel that is a text": ok(channel="D1"),
    "a channel without id": ok(channel={"name": "canary-text"}),
}


def one_outcome_is_unknown(world: Fronted) -> None:
    """The first of two people has a message whose answer was lost."""
    world.add_people("U1", "U2")
    world.plan("U1")
    world.fault("drop_after")


def nothing_is_proved_until_well(world: Fronted) -> None:
    outbox = world.outbox()
    with logged() as lines:
        outbox.run(world.clock())
        world.clock.advance(300)
        world.plan("U2")
        world.run_for(outbox, minutes=30, every_s=60)
        assert world.states() == [State.UNKNOWN, State.SENT]
        assert HISTORY_TROUBLE in loud(lines)
        assert loud(lines).count(HISTORY_TROUBLE) == 1
        world.front.answers = {}
        world.run_for(outbox, minutes=5, every_s=60)
    assert world.states() == [State.SENT, State.SENT]
    assert [len(world.messages(each)) for each in ("U1", "U2")] == [1, 1]
    assert ended(lines) >= 1


@pytest.mark.parametrize("how", UNREADABLE)
def test_while_the_history_cannot_be_read_the_outcome_stays_unknown(world: Fronted, how: str) -> None:
    one_outcome_is_unknown(world)
    world.front.answers = {HISTORY: UNREADABLE[how]}
    nothing_is_proved_until_well(world)


@pytest.mark.parametrize("how", NO_CHANNEL)
def test_while_the_dm_cannot_be_opened_the_outcome_stays_unknown(world: Fronted, how: str) -> None:
    one_outcome_is_unknown(world)
    world.front.answers = {OPEN: NO_CHANNEL[how]}
    nothing_is_proved_until_well(world)


@pytest.mark.parametrize("code", ["channel_not_found", "user_disabled"])
def test_a_channel_that_is_gone_ends_the_message_and_the_row_says_why(world: Fronted, code: str) -> None:
    one_outcome_is_unknown(world)
    world.front.answers = {HISTORY: says(json.dumps({"ok": False, "error": code}))}
    world.rest()
    assert (world.row().state, world.row().reason) == (State.FAILED, f"outcome unknown: {code}")
    assert world.front.calls[POST] == 1


STRANGE: list[Any] = [
    {"ts": "1.1"},
    {"ts": "1.2", "metadata": None},
    {"ts": "1.3", "metadata": "text"},
    {"ts": "1.4", "metadata": {"event_type": EVENT_TYPE, "event_payload": ["x"]}},
    {"ts": "1.5", "metadata": {"event_type": ["x"], "event_payload": {"id": {"x": 1}}}},
    {"metadata": {"event_type": EVENT_TYPE, "event_payload": {"id": "of another"}}},
]


def test_messages_of_a_strange_shape_are_not_ours_and_hide_nothing(world: Fronted) -> None:
    one_outcome_is_unknown(world)
    world.run()
    ours = {"event_type": EVENT_TYPE, "event_payload": {"id": world.row().id}}
    world.front.answers = {HISTORY: ok(messages=[*STRANGE, {"ts": "1.6", "metadata": ours}])}
    world.clock.advance(300)
    world.run()
    assert (world.row().state, world.row().ts) == (State.SENT, "1.6")


def test_our_message_without_a_ts_proves_nothing(world: Fronted) -> None:
    one_outcome_is_unknown(world)
    world.run()
    ours = {"event_type": EVENT_TYPE, "event_payload": {"id": world.row().id}}
    world.front.answers = {HISTORY: ok(messages=[{"metadata": ours}])}
    world.clock.advance(300)
    world.run()
    assert world.row().state == State.UNKNOWN


@pytest.mark.parametrize("method", [HISTORY, OPEN])
def test_a_429_on_the_history_keeps_every_worker_from_looking_until_it_is_over(world: Fronted, method: str) -> None:
    world.add_people("U1", "U2")
    world.plan("U1", "U2")
    world.fault("drop_after", times=2)
    one, two = world.outbox("one"), world.outbox("two")
    one.run(world.clock())
    world.clock.advance(300)
    world.front.answers = {method: says("{}", 429, headers={"Retry-After": "600"})}
    for _ in range(20):
        for outbox in (one, two):
            outbox.run(world.clock())
        world.clock.advance(29)
    assert world.front.calls[method] == 1
    world.front.answers = {}
    world.clock.advance(30)
    world.run_for(two, minutes=10, every_s=60)
    assert world.states() == [State.SENT, State.SENT]
    assert world.front.calls[POST] == 2
