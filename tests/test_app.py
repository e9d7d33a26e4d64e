"""What holds for every listener: whose button it is, events that come twice, errors, and silence in the logs."""

import copy
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from slack_bolt import BoltRequest

from bot.app import FEATURES
from bot.logs import configure_logs
from storage import consents
from tests.candor import START, Candor

Json = dict[str, Any]


class Recorder:
    """Stands in for an App while features register themselves: notes what they listen to."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {"action": set(), "view": set(), "event": set(), "command": set()}

    def __getattr__(self, kind: str) -> Callable[[str], Callable[[object], None]]:
        def listen(name: str, **conditions: object) -> Callable[[object], None]:
            self.seen[kind].add(name)
            return lambda listener: None

        return listen


def listened_to() -> dict[str, set[str]]:
    recorder = Recorder()
    for feature in FEATURES:
        feature.register(recorder)
    return recorder.seen


def block_action(candor: Candor, action_id: str, value: str, user: str) -> Json:
    """A pressed button, as Slack would send it, made from a real one of U01's Home tab."""
    candor.sandbox.user("U01").press("policy.read", view=candor.sandbox.workspace.home("U01"))
    candor.sandbox.user("U01").close_modal()
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"], payload["trigger_id"] = user, candor.sandbox.workspace.views.new_trigger(user)
    payload["actions"][0] |= {"action_id": action_id, "value": value}
    return payload


SUBJECTS = {
    "consent.open": "", "consent.collected": "", "consent.receipt": "", "checkin.open": "2026-11-09",
    "checkin.newest": "", "digest.open": "2026-11-09", "digest.settings": "", "digest.skip": "",
    "digest.pause": "pause", "digest.wrong": "cursor", "digest.identity": "", "held.open": "",
    "held.page.before": "0", "held.page.next": "1", "held.export": "", "held.stop": "stop",
    "held.erase_ask": "erase", "held.erase_now": "stop", "policy.read": "", "invitation.open": "",
    "policy.version": "1", "policy.changed": "1-1", "policy.page.before": "read:1:0", "policy.page.next": "read:1:1",
    "policy.seen": "1", "draft.read": "d", "draft.difference": "d", "draft.page.before": "d:read:0",
    "draft.page.next": "d:read:1", "draft.publish": "d", "draft.confirm": "d", "draft.take_back": "d",
    "draft.discard": "d", "draft.schedule": "d",
    "asking.field": "", "asking.helped": "1.0.0123456789abcdef", "asking.not_helped": "1.0.0123456789abcdef",
    "asking.send": "Is it?", "asking.questions": "", "policy.kept": "",
    "ballot.open": "",
    "pulse.stop_inviting": "", "pulse.invite_again": "",
    "pulse.results": "", "pulse.results.page.before": "page:0", "pulse.results.page.next": "page:1",
    "pulse.download": "", "pulse.reply": "belief:never", "pulse.manage": "", "pulse.close": "0",
    "belonging.open": "", "belonging.choose": "", "belonging.leave": "", "belonging.again": "", "belonging.looked": "",
    "belonging.looked.older": "26", "belonging.looked.newest": "",
    "summary.open": "1 1", "summary.home": "1 1", "summary.close": "", "summary.csv": "1 1", "summary.choose": "",
    "summary.stop_messages": "", "summary.send_again": "", "teams.health": "",
}  # fmt: skip


def test_every_action_is_among_those_tried_with_somebody_elses_button() -> None:
    assert listened_to()["action"] == set(SUBJECTS)


@pytest.mark.parametrize(("action_id", "subject"), SUBJECTS.items())
def test_somebody_elses_button_is_refused_and_changes_nothing(candor: Candor, action_id: str, subject: str) -> None:
    for user_id in ("U01", "U02"):
        candor.join(user_id)
        candor.opt_in(user_id, "cursor")
    payload = block_action(candor, action_id, f"U01|{subject}", user="U02")
    posted = len(candor.sandbox.workspace.log)
    candor.sandbox.send_raw(payload, "interactive")

    assert len(candor.sandbox.workspace.log) <= posted + 1  # At most the words to U02.
    shown = str(candor.sandbox.workspace.modals("U02")) + str(candor.dms("U02")[-1:])
    assert "belongs to somebody else" in shown
    assert candor.sandbox.workspace.modals("U01") == []
    with candor.sessions.begin() as session:
        assert consents.get(session, "U01") is not None
        assert consents.get(session, "U02") is not None


def test_somebody_elses_form_is_refused(candor: Candor) -> None:
    for user_id in ("U01", "U02"):
        candor.join(user_id)
        candor.opt_in(user_id, "cursor")
    candor.sandbox.user("U01").command("/candor", "checkin")
    candor.sandbox.user("U01").fill_and_submit(values={"saved": "lt1", "rework": "0"})
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"] = "U02"
    payload["view"]["state"]["values"]["saved"]["saved"]["selected_option"]["value"] = "gt4"
    candor.sandbox.send_raw(payload, "interactive")
    candor.sandbox.user("U01").command("/candor", "held")
    assert "saved: up to 1 h" in str(candor.top_modal("U01"))
    candor.sandbox.user("U02").command("/candor", "held")
    assert "saved:" not in str(candor.top_modal("U02"))


def test_an_event_delivered_again_has_no_second_effect(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").say("help")
    again = candor.sandbox.last_payload("events_api")
    candor.sandbox.send_raw(again, "events_api")
    assert len(candor.dms("U01")) == 1


def test_an_event_of_somebody_unknown_a_bot_or_an_edit_is_no_crash(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").say("help")
    for change in (
        {"user": "UNOBODY"},
        {"bot_id": "B1"},
        {"subtype": "message_changed", "message": {"text": "help"}},
        {"user": None},
    ):
        payload = copy.deepcopy(candor.sandbox.last_payload("events_api"))
        payload["event_id"] = f"Ev{len(str(change))}{sorted(change)[0]}"
        payload["event"] |= change
        candor.sandbox.send_raw(payload, "events_api")
    assert len(candor.dms("U01")) == 1


def test_what_fails_is_told_with_a_reference_that_the_log_has_too(candor: Candor) -> None:
    log = io.StringIO()
    configure_logs("DEBUG", log)
    candor.join("U01")
    candor.opt_in("U01")
    with candor.sessions.begin() as session:
        session.connection().exec_driver_sql("DROP TABLE check_in")
    try:
        candor.sandbox.user("U01").command("/candor", "checkin")
        words = str(candor.top_modal("U01"))
        reference = next(line for line in log.getvalue().splitlines() if "'failed'" in line)
        assert "Something went wrong on our side" in words
        assert reference.partition("reference='")[2][:8] in words
    finally:
        if candor.sessions.kw["bind"].dialect.name == "postgresql":
            from storage.tables import CheckIn

            CheckIn.__table__.create(candor.sessions.kw["bind"])  # type: ignore[attr-defined]


def test_at_debug_the_log_still_holds_ids_and_outcomes_only(candor: Candor) -> None:
    log = io.StringIO()
    configure_logs("DEBUG", log)
    candor.join("U01", email="canary@haldenlabs.example")
    candor.opt_in("U01", "cursor")
    candor.check_in("U01", note="canary-note")
    candor.sandbox.user("U01").say("canary-word")
    unsigned = BoltRequest(mode="http", body='{"canary": "body"}', headers={"x-slack-signature": ["v0=0"]})
    candor.app.dispatch(unsigned)
    candor.tick()
    structlog.get_logger("candor.test").debug("probe")
    assert "probe" in log.getvalue()
    assert "canary" not in log.getvalue()


def buttons_in(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        yield from (element["action_id"] for element in elements if element.get("type") == "button")


# Those of HR, of a later version, and of texts that are longer than one page: see tests/policy/publishing.
OUT_OF_REACH = {"digest.open", "held.page.before", "held.page.next", "held.erase_now", "invitation.open"} | {
    name for name in listened_to()["action"] if name.startswith(("draft.", "policy.page."))
}
# Those of HR, of a pulse that is open, and of results that are longer than one page: see tests/pulse.
OUT_OF_REACH |= {"pulse.download", "pulse.reply", "pulse.results.page.before", "pulse.results.page.next"}
OUT_OF_REACH |= {"pulse.manage", "pulse.close"}
# Those of somebody who counts in a season, or has left the summaries, or of more than one page: tests/teams/belonging.
OUT_OF_REACH |= {"belonging.open", "belonging.choose", "belonging.again"}
OUT_OF_REACH |= {"belonging.looked.older", "belonging.looked.newest"}
# Those of whoever manages a team or belongs to HR: tests/teams/viewing and tests/teams/health.
OUT_OF_REACH |= {name for name in listened_to()["action"] if name.startswith(("summary.", "teams."))}
# Of these it depends on what there is to see; of the last two only one is shown at a time: see tests/pulse/inviting.
PERHAPS = {"policy.version", "policy.seen", "policy.changed", "asking.questions", "ballot.open"}
PERHAPS |= {"pulse.stop_inviting", "pulse.invite_again"}


def pressed_from(candor: Candor, blocks: list[Json], **where: Any) -> Iterator[str]:
    """Press each button of these blocks, and each in the form that it opens."""
    user, modals = candor.sandbox.user("U01"), candor.sandbox.workspace.modals
    for action_id in buttons_in(blocks):
        assert user.press(action_id, **where).ok, action_id
        yield action_id
        for modal in modals("U01")[-1:]:
            for deeper in list(buttons_in(modal["blocks"])):
                assert user.press(deeper, view=modal).ok, deeper
                yield deeper
        while modals("U01"):
            user.close_modal()


def pressed_at_an_answer(candor: Candor) -> Iterator[str]:
    """Press each button of answers to what was asked in the DM."""
    for question, action_id in (
        ("What do you know about me?", "asking.helped"),
        ("What do you know about me?", "asking.not_helped"),
        ("Who waters the office plants?", "asking.send"),
    ):
        candor.sandbox.user("U01").say(question)
        assert candor.sandbox.user("U01").press(action_id, message=candor.dms("U01")[-1]).ok, action_id
        yield action_id


def test_every_button_that_is_shown_opens_or_does_something(candor: Candor) -> None:
    """From Home and from the message, into every form that opens, pressing each button but the last one."""
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    candor.check_in("U01")
    candor.tick_at(START + timedelta(days=5))
    (digest,), home = candor.digests("U01"), candor.sandbox.workspace.home("U01")
    assert home is not None
    pressed = {*pressed_from(candor, home["blocks"], view=home)}
    pressed |= {*pressed_from(candor, digest.blocks, message=digest), *pressed_at_an_answer(candor)}
    assert candor.sandbox.user("U01").type_into("asking.field", "How long is it kept?", view=home).ok
    pressed.add("asking.field")
    assert pressed == listened_to()["action"] - OUT_OF_REACH - (PERHAPS - pressed)
    assert all(ack.ok for ack in candor.sandbox.workspace.acks)
