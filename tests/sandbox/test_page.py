"""The page's JSON endpoints."""

import base64
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import MANIFEST, Clock, populate
from tests.sandbox.samples import actions, button, field, modal, section, select

Json = dict[str, Any]


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    """A workspace whose page may move the clock."""

    def on_clock(to: str, user_id: str) -> None:
        clock.move(3600 if to == "plus-hour" else 7 * 24 * 3600)

    with Sandbox(manifest=MANIFEST, clock=clock, monotonic=clock.monotonic, on_clock=on_clock) as started:
        populate(started)
        yield started


def get(sandbox: Sandbox, path: str) -> Any:
    with urllib.request.urlopen(sandbox.url + path) as response:
        return json.load(response)


def send(sandbox: Sandbox, path: str, body: Any, content_type: str = "application/json") -> Json:
    request = urllib.request.Request(
        sandbox.url + path, json.dumps(body).encode(), {"Content-Type": content_type}, method="POST"
    )
    try:
        with urllib.request.urlopen(request) as response:
            answer: Json = json.load(response)
    except urllib.error.HTTPError as refused:
        with refused:
            answer = {"status": refused.code, **json.load(refused)}
    return answer


def act(sandbox: Sandbox, **body: Any) -> Json:
    return send(sandbox, "/page/act", {"user": "U01", **body})


def seen(sandbox: Sandbox, user: str = "U01") -> Json:
    state: Json = get(sandbox, f"/page/state?user={user}")
    return state


def test_the_people_one_can_be_are_the_members(sandbox: Sandbox) -> None:
    assert get(sandbox, "/page/people") == [
        {"id": "U01", "name": "Ana Reyes", "title": "", "tz": "Europe/Madrid", "team": "", "group": "Engineering"},
        {"id": "U02", "name": "Bo Lind", "title": "", "tz": "Asia/Kolkata", "team": "", "group": ""},
    ]


def test_the_state_is_what_one_person_sees(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.invite_bot("C01")
    sandbox.workspace.add_usergroup(id="S01", handle="hr", users=["U01"])
    client.chat_postMessage(channel="U01", text="for Ana", blocks=[section()])
    client.chat_postMessage(channel="U02", text="for Bo")
    client.chat_postEphemeral(channel="C01", user="U02", text="only Bo")
    client.chat_postMessage(channel="C01", text="all")
    state = seen(sandbox)
    assert state["clock"] == "2026-11-23T09:00:00+00:00"
    assert state["clock_is_movable"] is True
    assert state["me"]["name"] == "Ana Reyes"
    assert state["bot"]["name"] == "Candor"
    assert state["usergroups"] == [{"id": "S01", "handle": "hr"}]
    dm, general = state["conversations"]
    assert (dm["kind"], dm["name"], general["kind"], general["name"]) == ("im", "Candor", "channel", "general")
    assert [each["text"] for each in dm["messages"]] == ["for Ana"]
    assert dm["messages"][0]["at"] == "2026-11-23T09:00:00+00:00"
    assert dm["messages"][0]["user_name"] == "Candor"
    assert [each["text"] for each in general["messages"]] == ["all"]
    assert [each["text"] for each in seen(sandbox, "U02")["conversations"][1]["messages"]] == ["only Bo", "all"]
    assert state["commands"] == [
        {"command": "/candor", "description": "Opens Candor", "usage_hint": "[checkin|help]"}
    ]  # fmt: skip


def test_a_message_and_an_upload_from_the_page_arrive(sandbox: Sandbox, app: App) -> None:
    heard: list[str] = []

    @app.event("message")
    def message(event: Json) -> None:
        heard.append(event["text"])

    channel = seen(sandbox)["conversations"][0]["id"]
    assert act(sandbox, type="message", channel=channel, text="help") == {"ok": True}
    content = base64.b64encode(b"hello").decode()
    assert act(sandbox, type="upload", channel=channel, name="a b.txt", content_base64=content) == {"ok": True}
    assert sandbox.wait_for(lambda _: heard == ["help", ""])
    (file,) = seen(sandbox)["conversations"][0]["messages"][1]["files"]
    assert (file["name"], file["size"]) == ("a b.txt", 5)
    with urllib.request.urlopen(sandbox.url + file["url"]) as response:
        assert response.read() == b"hello"


def test_a_thread_is_answered_from_the_page_with_words_and_files(sandbox: Sandbox, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="U01", text="x")
    there = {"channel": posted["channel"], "thread_ts": posted["ts"]}
    assert act(sandbox, type="message", text="more", **there) == {"ok": True}
    assert act(sandbox, type="upload", name="a.md", content_base64="", **there) == {"ok": True}
    messages = seen(sandbox)["conversations"][0]["messages"]
    assert [each["thread_ts"] for each in messages] == [posted["ts"]] * 3
    refused = act(sandbox, type="message", text="no", channel=posted["channel"], thread_ts=messages[1]["ts"])
    assert refused["ok"] is False
    assert "to answer" in refused["error"]


def test_a_message_that_the_app_does_not_acknowledge_is_sent_all_the_same(sandbox: Sandbox, app: App) -> None:
    channel = seen(sandbox)["conversations"][0]["id"]
    assert act(sandbox, type="message", channel=channel, text="help") == {"ok": True}
    assert not sandbox.workspace.acks[-1].ok
    assert [each["text"] for each in seen(sandbox)["conversations"][0]["messages"]] == ["help"]


def test_a_button_a_modal_and_its_errors_work_from_the_page(sandbox: Sandbox, app: App, client: WebClient) -> None:
    @app.action("go")
    def go(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(field(), field(select("a", "b"), block_id="c")))

    @app.view("m")
    def submitted(ack: Any, view: Json) -> None:
        if view["state"]["values"]["c"]["pick"]["selected_option"]["value"] == "a":
            ack(response_action="errors", errors={"c": "not a"})
        else:
            ack()

    posted = client.chat_postMessage(channel="U01", text="x", blocks=[actions(button("go"), block_id="k")])
    container = {"kind": "message", "channel": posted["channel"], "ts": posted["ts"]}
    assert act(sandbox, type="action", container=container, block_id="k", action_id="go", value="x") == {"ok": True}
    assert sandbox.wait_for(lambda workspace: bool(workspace.modals("U01")))
    (view,) = seen(sandbox)["modals"]
    submit = {"type": "submit", "view_id": view["id"]}
    filled = {"b": {"text": "x"}, "c": {"pick": "a"}}
    required = act(sandbox, **submit, values={})
    assert required["errors"] == dict.fromkeys("bc", "Please complete this required field.")
    assert act(sandbox, **submit, values=filled) == {"ok": True, "errors": {"c": "not a"}}
    assert seen(sandbox)["modals"][0]["state"]["values"]["b"]["text"]["value"] == "x"
    assert act(sandbox, **submit, values={"c": {"pick": "b"}}) == {"ok": True}
    assert seen(sandbox)["modals"] == []


def test_another_persons_view_is_refused(sandbox: Sandbox, app: App, client: WebClient) -> None:
    sandbox.user("U01").open_home()
    view = client.views_publish(user_id="U02", view={"type": "home", "blocks": [actions(button("go"), block_id="k")]})
    container = {"kind": "view", "view_id": view["view"]["id"]}
    answer = act(sandbox, type="action", container=container, block_id="k", action_id="go")
    assert answer == {"ok": False, "error": "that view is on somebody else's screen"}


def test_what_the_app_does_not_answer_is_said_in_words(sandbox: Sandbox, app: App, clock: Clock) -> None:
    @app.command("/candor")
    def slow(ack: Any) -> None:
        clock.move(4)
        ack()

    answer = act(sandbox, type="command", command="/candor", text="", channel="C01")
    assert answer == {"ok": False, "error": "the app did not answer in 3 seconds"}


def test_the_clock_moves_only_where_it_may(sandbox: Sandbox, clock: Clock) -> None:
    moved = send(sandbox, "/page/clock", {"to": "plus-hour", "user": "U01"})
    assert moved == {"ok": True, "clock": "2026-11-23T10:00:00+00:00"}
    assert send(sandbox, "/page/clock", {"to": "yesterday", "user": "U01"})["status"] == 400
    with Sandbox(manifest=MANIFEST, clock=clock) as fixed:
        populate(fixed)
        assert seen(fixed)["clock_is_movable"] is False
        assert send(fixed, "/page/clock", {"to": "plus-hour", "user": "U01"})["status"] == 404


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ({"user": "U01"}, "application/json", 400),
        ({"user": "U77", "type": "open_home"}, "application/json", 400),
        ([], "application/json", 400),
        ({"user": "U01", "type": "open_home"}, "text/plain", 415),
    ],
)
def test_a_malformed_act_is_refused(sandbox: Sandbox, body: Any, content_type: str, status: int) -> None:
    assert send(sandbox, "/page/act", body, content_type)["status"] == status


def test_changes_are_streamed(sandbox: Sandbox, client: WebClient) -> None:
    with urllib.request.urlopen(sandbox.url + "/page/changes", timeout=5) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        first = json.loads(stream.readline().removeprefix(b"data: "))
        stream.readline()
        threading.Thread(target=lambda: client.chat_postMessage(channel="U01", text="x")).start()
        second = json.loads(stream.readline().removeprefix(b"data: "))
    assert second["version"] > first["version"]


@pytest.mark.parametrize(
    "path", ["/page/../actor.py", "/page/..%2factor.py", "/page/nothing.js", "/elsewhere", "/page/.hidden"]
)
def test_only_the_pages_own_files_are_served(sandbox: Sandbox, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        urllib.request.urlopen(sandbox.url + path)
    missing.value.close()


def test_the_page_is_served_with_its_types(sandbox: Sandbox) -> None:
    for path, kind in (("/", "text/html"), ("/page/main.js", "text/javascript"), ("/page/tokens.css", "text/css")):
        with urllib.request.urlopen(sandbox.url + path) as response:
            assert response.headers["Content-Type"].startswith(kind)
            assert response.read()
