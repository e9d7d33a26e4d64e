"""Threads in the DM with the app: what is told, what is listed, and where a button stands."""

from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.sandbox.errors import Misuse
from bot.sandbox.server import Sandbox
from tests.sandbox.acts import heard, opens
from tests.sandbox.manifests import changed, workspace_with
from tests.sandbox.refusals import error_of
from tests.sandbox.samples import actions, button, modal

Json = dict[str, Any]
METADATA = {"event_type": "asked", "event_payload": {"delivery": "d-1"}}


def dm(sandbox: Sandbox) -> str:
    return sandbox.workspace.open_dm("U01").id


def test_an_answer_in_a_thread_names_its_first_message_and_that_ones_author(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    events = heard(app)
    first = client.chat_postMessage(channel="U01", text="ask away")["ts"]
    assert sandbox.user("U01").say("and tokens?", thread_ts=first).ok
    sandbox.user("U01").upload("a.md", b"# A", thread_ts=first)
    assert sandbox.wait_for(lambda _: len(events) == 2)
    assert {(each["thread_ts"], each["parent_user_id"]) for each in events} == {(first, sandbox.workspace.bot_user_id)}


def test_a_thread_is_listed_with_its_first_message_first(sandbox: Sandbox, app: App, client: WebClient) -> None:
    first = client.chat_postMessage(channel="U01", text="question")["ts"]
    client.chat_postMessage(channel="U01", text="elsewhere")
    sandbox.user("U01").say("more", thread_ts=first)
    client.chat_postMessage(channel="U01", text="answer", thread_ts=first, metadata=METADATA)
    answer = client.conversations_replies(channel=dm(sandbox), ts=first, include_all_metadata=True)
    assert [each["text"] for each in answer["messages"]] == ["question", "more", "answer"]
    assert answer["has_more"] is False
    parent, more, last = answer["messages"]
    assert (parent["thread_ts"], parent["reply_count"], parent["latest_reply"]) == (first, 2, last["ts"])
    assert parent["reply_users"] == ["U01", sandbox.workspace.bot_user_id]
    assert "reply_count" not in more
    assert last["metadata"] == METADATA
    plain = client.conversations_replies(channel=dm(sandbox), ts=first)["messages"]
    assert all("metadata" not in each for each in plain)


def test_a_long_thread_comes_in_pages(sandbox: Sandbox, app: App, client: WebClient) -> None:
    first = client.chat_postMessage(channel="U01", text="0")["ts"]
    for number in range(1, 5):
        client.chat_postMessage(channel="U01", text=str(number), thread_ts=first)
    texts, cursor = [], ""
    while True:
        page = client.conversations_replies(channel=dm(sandbox), ts=first, limit=2, cursor=cursor)
        texts.append([each["text"] for each in page["messages"]])
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert texts == [["0", "1"], ["2", "3"], ["4"]]


def test_the_list_can_begin_and_end_at_a_time(sandbox: Sandbox, app: App, client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel="U01", text="0")["ts"]]
    stamps += [client.chat_postMessage(channel="U01", text=str(n), thread_ts=stamps[0])["ts"] for n in (1, 2, 3)]
    within = {"channel": dm(sandbox), "ts": stamps[0], "oldest": stamps[1], "latest": stamps[3]}
    assert [each["text"] for each in client.conversations_replies(**within)["messages"]] == ["2"]
    assert len(client.conversations_replies(**within, inclusive=True)["messages"]) == 3
    assert error_of(lambda: client.conversations_replies(**within | {"oldest": "soon"})) == "invalid_ts_oldest"


def test_a_message_without_replies_stands_alone_and_an_unknown_one_is_refused(
    sandbox: Sandbox, app: App, client: WebClient
) -> None:
    first = client.chat_postMessage(channel="U01", text="x")["ts"]
    reply = client.chat_postMessage(channel="U01", text="y", thread_ts=first)["ts"]
    client.chat_delete(channel=dm(sandbox), ts=reply)
    (alone,) = client.conversations_replies(channel=dm(sandbox), ts=first)["messages"]
    assert "reply_count" not in alone
    assert error_of(lambda: client.conversations_replies(channel=dm(sandbox), ts="1.000000")) == "thread_not_found"
    assert error_of(lambda: client.conversations_replies(channel="D404", ts=first)) == "channel_not_found"


def test_replies_are_in_no_history(sandbox: Sandbox, app: App, client: WebClient) -> None:
    first = client.chat_postMessage(channel="U01", text="x")["ts"]
    client.chat_postMessage(channel="U01", text="y", thread_ts=first)
    (only,) = client.conversations_history(channel=dm(sandbox))["messages"]
    assert (only["text"], only["reply_count"]) == ("x", 1)


def test_listing_a_thread_needs_the_scope_and_a_dm(tmp_path: Path) -> None:
    scopes = {"bot": ["chat:write", "channels:history"]}
    with workspace_with(changed(tmp_path, oauth_config__scopes=scopes)) as (sandbox, client):
        sandbox.workspace.invite_bot("C01")
        first = client.chat_postMessage(channel="U01", text="x")["ts"]
        assert error_of(lambda: client.conversations_replies(channel=dm(sandbox), ts=first)) == "missing_scope"
        shared = client.chat_postMessage(channel="C01", text="x")["ts"]
        refused = error_of(lambda: client.conversations_replies(channel="C01", ts=shared))
        assert refused == "not_allowed_token_type"


def test_a_thread_hangs_on_a_first_message_only(sandbox: Sandbox, app: App, client: WebClient) -> None:
    first = client.chat_postMessage(channel="U01", text="x")["ts"]
    reply = client.chat_postMessage(channel="U01", text="y", thread_ts=first)["ts"]
    hidden = client.chat_postEphemeral(channel=dm(sandbox), user="U01", text="z")["message_ts"]
    for ts in (reply, hidden, "1.000000"):
        refused = error_of(lambda ts=ts: client.chat_postMessage(channel="U01", text="no", thread_ts=ts))  # type: ignore[misc]
        assert refused == "thread_not_found"
        with pytest.raises(Misuse, match="to answer"):
            sandbox.user("U01").say("no", thread_ts=ts)


def test_a_button_in_a_thread_says_where_it_stands(sandbox: Sandbox, app: App, client: WebClient) -> None:
    seen = opens(app, "go", modal())
    first = client.chat_postMessage(channel="U01", text="x", blocks=[actions(button("go"))])["ts"]
    sandbox.user("U01").press("go")
    client.chat_postMessage(channel="U01", text="y", blocks=[actions(button("go"))], thread_ts=first)
    sandbox.user("U01").press("go")
    assert "thread_ts" not in seen[0]["container"]
    assert seen[1]["container"]["thread_ts"] == seen[1]["message"]["thread_ts"] == first
    WebhookClient(seen[1]["response_url"]).send(text="in there", replace_original=False)
    WebhookClient(seen[1]["response_url"]).send_dict({"text": "in there", "thread_ts": first})
    assert [each.thread_ts for each in sandbox.workspace.messages(dm(sandbox))[-2:]] == [None, first]


def test_an_answer_for_one_persons_eyes_can_stand_in_a_thread(sandbox: Sandbox, app: App, client: WebClient) -> None:
    first = client.chat_postMessage(channel="U01", text="x")["ts"]
    client.chat_postEphemeral(channel=dm(sandbox), user="U01", text="psst", thread_ts=first)
    assert sandbox.workspace.messages(dm(sandbox))[-1].thread_ts == first
    assert len(client.conversations_replies(channel=dm(sandbox), ts=first)["messages"]) == 1
