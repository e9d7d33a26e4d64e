"""A redirect is followed by nobody: what was asked may have been done before it, and the token is for Slack alone."""

import json
from urllib.error import HTTPError

import pytest

from bot.app import build_app, make_client
from bot.files import send_files
from bot.sandbox.web_api import Answer
from tests.candor import Candor, Inline, settings_for
from tests.delivery.world import World
from tests.trouble.front import Front, before, says
from tests.trouble.fronted import POST, Fronted

CLAIMS = {
    "nothing": "",
    "that it is done": '{"ok": true, "channel": "D1", "ts": "1.1"}',
    "that it is refused": '{"ok": false, "error": "channel_not_found"}',
    "to wait": '{"ok": false, "error": "ratelimited"}',
}


def redirect(to: Front, status: int, says_that: str = "nothing") -> Answer:
    return says(CLAIMS[says_that], status, headers={"Location": to.api_url + "auth.test"})


@pytest.mark.parametrize("delivered", [True, False], ids=["delivered", "not delivered"])
@pytest.mark.parametrize("says_that", CLAIMS)
@pytest.mark.parametrize("status", [302, 307])
def test_a_redirected_post_is_looked_up_and_nobody_else_hears_of_it(
    world: World, status: int, says_that: str, delivered: bool
) -> None:
    with before(world.slack) as front, before(world.slack) as elsewhere:
        fronted = Fronted(world.sessions, world.slack, world.clock, front=front)
        fronted.crowd(1)
        front.answers = {POST: redirect(elsewhere, status, says_that)}
        front.swallowed = set() if delivered else {POST}
        assert fronted.run().unknown == 1
        assert fronted.row().reason == f"HTTP {status}"
        assert not elsewhere.calls
        front.answers, front.swallowed = {}, set()
        fronted.rest()
    assert len(world.messages("U00000")) == 1


def test_a_post_that_was_redirected_to_a_closed_door_may_have_been_accepted(world: World) -> None:
    with before(world.slack) as closed:
        pass
    with before(world.slack) as front:
        fronted = Fronted(world.sessions, world.slack, world.clock, front=front)
        fronted.crowd(1)
        front.answers = {POST: redirect(closed, 302)}
        assert fronted.run().unknown == 1
        front.answers = {}
        fronted.rest()
    assert len(world.messages("U00000")) == 1


def test_what_a_person_does_follows_no_redirect_either(candor: Candor) -> None:
    candor.join("U01")
    with before(candor.sandbox) as front, before(candor.sandbox) as elsewhere:
        client = make_client(settings_for(candor.sandbox, slack_api_url=front.api_url))
        candor.sandbox.deliver_inline(build_app(candor.services, client, executor=Inline()))
        front.answers = {"views.publish": redirect(elsewhere, 302)}
        candor.sandbox.user("U01").open_home()
        assert front.calls["views.publish"] == 1
        assert not elsewhere.calls


def test_a_file_is_given_to_nobody_but_where_slack_said(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")
    with before(candor.sandbox) as front, before(candor.sandbox) as elsewhere:
        ticket = {"ok": True, "file_id": "F1", "upload_url": front.api_url + "upload"}
        front.answers = {
            "files.getUploadURLExternal": says(json.dumps(ticket)),
            "upload": redirect(elsewhere, 307),
        }
        client = make_client(settings_for(candor.sandbox, slack_api_url=front.api_url))
        with pytest.raises(HTTPError, match="307"):
            send_files(client, candor.sessions, "U01", "As you asked.", {"figures.txt": b"7"}, candor.clock())
        assert front.calls["upload"] == 1
        assert not elsewhere.calls
