"""The Web API as slack_sdk's WebClient meets it."""

from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import MANIFEST, Clock, populate
from tests.sandbox.refusals import error_of
from tests.sandbox.samples import home, section


def with_scopes(tmp_path: Path, *scopes: str) -> Path:
    """The tests' manifest with other scopes."""
    head, _, rest = MANIFEST.read_text().partition("    bot:\n")
    tail = rest[rest.index("settings:") :]
    path = tmp_path / "manifest.yml"
    path.write_text(f"{head}    bot: [{', '.join(scopes)}]\n{tail}")
    return path


def test_the_bot_learns_who_it_is_and_which_scopes_it_has(client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["user_id"].startswith("U")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]
    assert answer.headers["Date"] == "Mon, 23 Nov 2026 09:00:00 GMT"


def test_a_missing_or_wrong_token_is_refused(sandbox: Sandbox) -> None:
    assert error_of(lambda: WebClient(base_url=sandbox.api_url).auth_test()) == "not_authed"
    assert error_of(lambda: WebClient("xoxb-wrong", base_url=sandbox.api_url).auth_test()) == "invalid_auth"


def test_each_token_opens_its_own_methods_only(sandbox: Sandbox, client: WebClient) -> None:
    as_app = WebClient(sandbox.app_token, base_url=sandbox.api_url)
    assert error_of(lambda: as_app.chat_postMessage(channel="U01", text="x")) == "not_allowed_token_type"
    assert error_of(lambda: client.apps_connections_open(app_token=sandbox.bot_token)) == "not_allowed_token_type"


def test_tokens_are_in_no_record(sandbox: Sandbox) -> None:
    WebClient(base_url=sandbox.api_url).api_call("auth.test", params={"token": sandbox.bot_token})
    assert sandbox.workspace.calls[-1].ok
    assert sandbox.bot_token not in repr(sandbox.workspace.calls)


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    assert error_of(lambda: client.api_call("chat.shout")) == "unknown_method"


def test_a_method_whose_scope_is_not_in_the_manifest_is_refused(tmp_path: Path, clock: Clock) -> None:
    with Sandbox(manifest=with_scopes(tmp_path, "commands"), clock=clock) as sandbox:
        populate(sandbox)
        client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel="U01", text="x")
        assert refused.value.response["needed"] == "chat:write"
        assert refused.value.response["provided"] == "commands"
        assert error_of(lambda: client.users_info(user="U01")) == "missing_scope"


def test_an_email_is_shown_only_with_its_scope(tmp_path: Path, clock: Clock, client: WebClient) -> None:
    assert client.users_info(user="U01")["user"]["profile"]["email"] == "ana@example.com"
    assert "email" not in client.users_info(user="U02")["user"]["profile"]
    with Sandbox(manifest=with_scopes(tmp_path, "users:read"), clock=clock) as sandbox:
        populate(sandbox)
        answer = WebClient(sandbox.bot_token, base_url=sandbox.api_url).users_info(user="U01")
        assert "email" not in answer["user"]["profile"]


def test_a_person_has_a_zone_with_the_offset_of_the_day(client: WebClient, clock: Clock) -> None:
    assert client.users_info(user="U01")["user"]["tz_offset"] == 3600
    clock.move(-120 * 24 * 3600)
    assert client.users_info(user="U01")["user"]["tz_offset"] == 7200


def test_users_are_listed_page_by_page(sandbox: Sandbox, client: WebClient) -> None:
    for number in range(10, 20):
        sandbox.workspace.add_user(id=f"U{number}", name=f"Person {number}")
    pages = [page["members"] for page in client.users_list(limit=5)]
    assert [len(page) for page in pages] == [5, 5, 4]
    assert len({user["id"] for page in pages for user in page}) == 14
    assert error_of(lambda: client.users_list(cursor="nonsense")) == "invalid_cursor"


def test_a_post_to_a_person_opens_their_dm(sandbox: Sandbox, client: WebClient) -> None:
    answer = client.chat_postMessage(channel="U01", text="hello")
    assert answer["channel"] == sandbox.workspace.dm("U01")
    assert answer["channel"].startswith("D")
    again = client.chat_postMessage(channel=answer["channel"], text="again")
    assert again["channel"] == answer["channel"]
    assert float(again["ts"]) > float(answer["ts"])
    assert [each.text for each in sandbox.workspace.messages(answer["channel"])] == ["hello", "again"]


@pytest.mark.parametrize(
    ("channel", "error"), [("U09", "channel_not_found"), ("U77", "channel_not_found"), ("C01", "not_in_channel")]
)
def test_a_post_that_cannot_arrive_is_refused(client: WebClient, channel: str, error: str) -> None:
    assert error_of(lambda: client.chat_postMessage(channel=channel, text="x")) == error


def test_a_dm_to_somebody_who_left_since_is_refused(sandbox: Sandbox, client: WebClient) -> None:
    channel = client.chat_postMessage(channel="U01", text="x")["channel"]
    sandbox.workspace.update_user("U01", deleted=True)
    assert error_of(lambda: client.chat_postMessage(channel=channel, text="x")) == "channel_not_found"
    assert error_of(lambda: client.conversations_open(users="U01")) == "user_disabled"


def test_the_bot_posts_in_a_channel_it_was_invited_to(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.invite_bot("C01")
    assert client.chat_postMessage(channel="C01", text="x")["channel"] == "C01"
    assert [each["id"] for each in client.users_conversations()["channels"]] == ["C01"]


def test_another_name_or_icon_needs_a_scope(client: WebClient) -> None:
    assert error_of(lambda: client.chat_postMessage(channel="U01", text="x", username="Boss")) == "missing_scope"


def test_blocks_get_the_ids_that_were_left_out(sandbox: Sandbox, client: WebClient) -> None:
    message = client.chat_postMessage(channel="U01", text="x", blocks=[section(), section(block_id="mine")])["message"]
    first, second = message["blocks"]
    assert first["block_id"]
    assert second["block_id"] == "mine"


def test_invalid_blocks_are_refused_with_the_place_and_recorded_as_not_executed(
    sandbox: Sandbox, client: WebClient
) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="U01", text="x", blocks=[section("x" * 3001)])
    assert refused.value.response["error"] == "invalid_blocks"
    assert "/blocks/0/text/text" in refused.value.response["response_metadata"]["messages"][0]
    call = sandbox.workspace.calls[-1]
    assert (call.method, call.ok, call.error, call.executed) == ("chat.postMessage", False, "invalid_blocks", False)
    assert sandbox.workspace.dm("U01") is None


def test_an_update_changes_the_message_in_its_place(sandbox: Sandbox, client: WebClient) -> None:
    metadata = {"event_type": "digest", "event_payload": {"id": "a"}}
    posted = client.chat_postMessage(channel="U01", text="one", blocks=[section("one")], metadata=metadata)
    client.chat_update(channel=posted["channel"], ts=posted["ts"], text="two", blocks=[section("two")])
    (message,) = sandbox.workspace.messages(posted["channel"])
    assert (message.ts, message.text, message.edited, message.metadata) == (posted["ts"], "two", True, metadata)
    assert message.blocks[0]["text"]["text"] == "two"


def test_a_deleted_message_is_gone_but_stays_in_the_log(sandbox: Sandbox, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="U01", text="x")
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_delete(**where)
    assert sandbox.workspace.messages(posted["channel"]) == []
    assert [each.deleted for each in sandbox.workspace.log] == [True]
    assert error_of(lambda: client.chat_delete(**where)) == "message_not_found"
    assert error_of(lambda: client.chat_update(**where, text="y")) == "message_not_found"


def test_a_persons_message_is_not_the_bots_to_change(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.user("U01").say("mine")
    channel = sandbox.workspace.dm("U01")
    assert channel
    ts = sandbox.workspace.messages(channel)[0].ts
    assert error_of(lambda: client.chat_update(channel=channel, ts=ts, text="x")) == "cant_update_message"
    assert error_of(lambda: client.chat_delete(channel=channel, ts=ts)) == "cant_delete_message"


def test_history_is_newest_first_and_gives_metadata_only_when_asked(client: WebClient, clock: Clock) -> None:
    metadata = {"event_type": "digest", "event_payload": {"id": "a"}}
    channel = ""
    stamps = []
    for number in range(5):
        clock.move(60)
        posted = client.chat_postMessage(channel="U01", text=str(number), metadata=metadata)
        channel = posted["channel"]
        stamps.append(posted["ts"])
    plain = client.conversations_history(channel=channel)["messages"]
    assert [each["text"] for each in plain] == ["4", "3", "2", "1", "0"]
    assert all("metadata" not in each for each in plain)
    full = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert all(each["metadata"] == metadata for each in full)
    later = client.conversations_history(channel=channel, oldest=stamps[2])["messages"]
    assert [each["text"] for each in later] == ["4", "3"]
    inclusive = client.conversations_history(channel=channel, oldest=stamps[2], latest=stamps[3], inclusive=True)
    assert [each["text"] for each in inclusive["messages"]] == ["3", "2"]
    pages = [page["messages"] for page in client.conversations_history(channel=channel, limit=2)]
    assert [[each["text"] for each in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]


def test_an_ephemeral_message_is_for_one_person_and_in_no_history(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.invite_bot("C01")
    channel = client.chat_postMessage(channel="U01", text="lasting")["channel"]
    client.chat_postEphemeral(channel=channel, user="U01", text="psst")
    assert [each.ephemeral_to for each in sandbox.workspace.messages(channel)] == [None, "U01"]
    assert [each["text"] for each in client.conversations_history(channel=channel)["messages"]] == ["lasting"]
    assert error_of(lambda: client.conversations_history(channel="C01")) == "missing_scope"
    assert error_of(lambda: client.chat_postEphemeral(channel="C01", user="U09", text="x")) == "user_not_in_channel"


def test_a_home_tab_is_published_and_a_stale_hash_refused(sandbox: Sandbox, client: WebClient) -> None:
    first = client.views_publish(user_id="U01", view=home(section("one")))["view"]
    second = client.views_publish(user_id="U01", view=home(section("two")), hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    shown = sandbox.workspace.home("U01")
    assert shown and shown["blocks"][0]["text"]["text"] == "two"
    stale = {"user_id": "U01", "view": home(), "hash": first["hash"]}
    assert error_of(lambda: client.views_publish(**stale)) == "hash_conflict"
    assert error_of(lambda: client.views_publish(user_id="U77", view=home())) == "invalid_arguments"


def test_after_uninstalling_every_call_is_refused(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.uninstall_app()
    assert error_of(lambda: client.auth_test()) == "account_inactive"


def test_after_revoking_every_call_is_refused(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.workspace.revoke_tokens()
    assert error_of(lambda: client.chat_postMessage(channel="U01", text="x")) == "token_revoked"


def test_broad_mentions_are_counted_as_pings_unless_escaped(sandbox: Sandbox, client: WebClient) -> None:
    client.chat_postMessage(
        channel="U01", text="&lt;!channel&gt; <https://example.com|a link>", blocks=[section("&lt;@U02&gt;")]
    )
    client.chat_postMessage(channel="U01", text="<!here>", blocks=[section("<@U02> and <!subteam^S1>")])
    quiet, loud = sandbox.workspace.log
    assert quiet.pings == []
    assert loud.pings == ["!here", "@U02", "!subteam^S1"]
