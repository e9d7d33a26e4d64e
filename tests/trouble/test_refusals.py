"""Slack refuses: the installation, one person, or the message itself."""

import json
from collections.abc import Callable

import pytest

from bot.delivery.outbox import ALL_REFUSED
from bot.delivery.posting import PERSONAL_ERRORS
from bot.running import connect
from bot.sandbox.faults import Fault
from bot.sandbox.web_api import Answer
from bot.settings import Settings
from storage.deliveries import State
from tests.candor import settings_for
from tests.trouble.front import says
from tests.trouble.fronted import POST, Fronted
from tests.trouble.lines import logged, loud
from tests.trouble.stage import PEOPLE, Stage

STOPPED = "sending has stopped: mend it (candor doctor), then start the bot again"
FAILED = "messages have failed, see candor deliveries"


def refusing(code: str) -> Answer:
    return says(json.dumps({"ok": False, "error": code}))


def settings(stage: Stage) -> Settings:
    url = stage.candor.sessions.kw["bind"].url.render_as_string(hide_password=False)
    return settings_for(stage.candor.sandbox, database_url=url)


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "missing_scope", "messages_tab_disabled"])
def test_an_installation_that_slack_refuses_stops_sending_until_the_bot_is_started_again(
    stage: Stage, code: str
) -> None:
    workspace = stage.candor.sandbox.workspace
    workspace.refusal = code
    with logged() as lines:
        stage.tick_for(minutes=60, every_s=60)
    assert loud(lines) == [STOPPED]
    assert [line["reason"] for line in lines if line["event"] == STOPPED] == [code]
    assert (stage.states(), stage.posts()) == ({State.READY}, 1)
    assert {row.attempts for row in stage.rows()} == {0}

    workspace.refusal = None
    services, _client = connect(settings(stage), stage.candor.clock, resume=True)
    services.sessions.kw["bind"].dispose()
    stage.start()
    stage.tick_for(minutes=1)
    assert stage.arrived() == [1] * len(PEOPLE)


PERSONAL = sorted(PERSONAL_ERRORS)


def to_every_other(world: Fronted, people: list[str], codes: list[str]) -> Callable[[dict[str, object]], bool]:
    """A fault that lets calls to one half of the people be answered by the front, with these codes in turn."""
    unwell = dict(zip(people[::2], codes * len(people), strict=False))

    def strikes(args: dict[str, object]) -> bool:
        code = unwell.get(str(args["channel"]))
        world.slack.workspace.refusal = code
        return False

    return strikes


def test_people_who_cannot_be_written_to_fail_with_the_reason_and_all_others_get_theirs(world: Fronted) -> None:
    codes = [code for code in PERSONAL if code != "account_inactive"]
    people, outbox = world.crowd(60), world.outbox()
    refuse_some(world, people, codes)
    with logged() as lines:
        world.run_for(outbox, minutes=5, every_s=30)
    rows = {row.person_id: row for row in world.rows()}
    assert [rows[each].state for each in people[1::2]] == [State.SENT] * 30
    assert [rows[each].reason for each in people[::2]] == (codes * 30)[:30]
    assert {rows[each].state for each in people[::2]} == {State.FAILED}
    assert [len(world.messages(each)) for each in people[1::2]] == [1] * 30
    assert not world.workspace().stopped_at
    # One line a run, whoever many have failed in it.
    assert 1 <= loud(lines).count(FAILED) == len(loud(lines)) <= 3
    assert sum(line["failed"] for line in lines if line["event"] == FAILED) == 30


def refuse_some(world: Fronted, people: list[str], codes: list[str]) -> None:
    world.slack.faults.add(Fault(POST, "ok", times=10**6, when=to_every_other(world, people, codes)))


def test_people_who_cannot_be_written_to_never_stop_sending_however_many(world: Fronted) -> None:
    world.crowd(3 * ALL_REFUSED)
    world.front.answers, world.front.swallowed = {POST: refusing("channel_not_found")}, {POST}
    world.run_for(world.outbox(), minutes=5, every_s=30)
    assert set(world.states()) == {State.FAILED}
    assert not world.workspace().stopped_at


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "restricted_action"])
def test_a_message_that_slack_refuses_for_what_it_is_stops_sending_before_everybody_has_lost_it(
    world: Fronted, code: str
) -> None:
    world.crowd(200)
    world.front.answers, world.front.swallowed = {POST: refusing(code)}, {POST}
    with logged() as lines:
        world.run_for(world.outbox(), minutes=5, every_s=30)
    assert world.states().count(State.FAILED) == ALL_REFUSED == world.front.calls[POST]
    assert world.states().count(State.READY) == 200 - ALL_REFUSED
    assert world.workspace().stop_reason == code
    assert loud(lines) == [STOPPED, FAILED]
