"""Files, response URLs, rate limits and many calls at once."""

import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import MANIFEST, Clock, populate
from tests.sandbox.refusals import error_of
from tests.sandbox.samples import section


def test_a_file_is_uploaded_shared_downloaded_and_deleted(sandbox: Sandbox, client: WebClient) -> None:
    channel = client.chat_postMessage(channel="U01", text="x")["channel"]
    uploaded = client.files_upload_v2(content="a,b\n1,2\n", filename="rows.csv", title="Rows", channel=channel)["file"]
    file = sandbox.workspace.files[uploaded["id"]]
    assert (file.name, file.title, file.content, file.channel) == ("rows.csv", "Rows", b"a,b\n1,2\n", channel)
    info = client.files_info(file=file.id)["file"]
    assert info["shares"] == {"private": {channel: [{"ts": file.shared_ts}]}}
    request = urllib.request.Request(
        info["url_private_download"], headers={"Authorization": f"Bearer {sandbox.bot_token}"}
    )
    with urllib.request.urlopen(request) as response:
        assert response.read() == b"a,b\n1,2\n"
        assert "attachment" in response.headers["Content-Disposition"]
    client.files_delete(file=file.id)
    assert file.deleted
    assert file.content == b""
    assert [each.text for each in sandbox.workspace.messages(channel)] == ["x"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request)
    assert error_of(lambda: client.files_delete(file=file.id)) == "file_deleted"


def test_a_file_shared_with_a_persons_id_instead_of_their_dm_is_refused(client: WebClient) -> None:
    assert error_of(lambda: client.files_upload_v2(content="x", filename="a", channel="U01")) == "channel_not_found"


def test_a_response_url_answers_five_times_within_half_an_hour(sandbox: Sandbox, clock: Clock) -> None:
    sandbox.user("U01").command("/candor", "help")
    url = sandbox.last_payload("slash_commands")["response_url"]
    channel = sandbox.workspace.dm("U01")
    assert channel
    codes = [WebhookClient(url).send(text=str(number)).status_code for number in range(6)]
    assert codes == [200] * 5 + [404]
    assert [each.ephemeral_to for each in sandbox.workspace.messages(channel)] == ["U01"] * 5
    sandbox.user("U01").command("/candor", "help")
    clock.move(1801)
    late = WebhookClient(sandbox.last_payload("slash_commands")["response_url"]).send(text="late")
    assert late.status_code == 404


def test_rate_limits_answer_429_with_the_seconds_to_wait(clock: Clock) -> None:
    with Sandbox(manifest=MANIFEST, clock=clock, monotonic=clock.monotonic, rate_limits=True) as sandbox:
        populate(sandbox)
        client = WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        for _ in range(3):
            client.chat_postMessage(channel="U01", text="x")
        client.chat_postMessage(channel="U02", text="another channel has a limit of its own")
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel="U01", text="x")
        assert refused.value.response.status_code == 429
        assert refused.value.response["error"] == "ratelimited"
        wait = int(refused.value.response.headers["Retry-After"])
        clock.move(wait)
        client.chat_postMessage(channel="U01", text="x")
        assert len(sandbox.workspace.log) == 5


def test_a_call_takes_a_few_milliseconds(sandbox: Sandbox, client: WebClient) -> None:
    blocks = [section("x" * 200) for _ in range(10)]
    started = time.perf_counter()
    for _ in range(200):
        client.chat_postMessage(channel="U01", text="x", blocks=blocks)
    assert (time.perf_counter() - started) / 200 < 0.02  # ten times the aim: other work shares the machine


def test_many_threads_post_at_once_and_no_message_is_lost(sandbox: Sandbox) -> None:
    def post(number: int) -> str:
        client = WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        return str(client.chat_postMessage(channel=f"U0{1 + number % 2}", text=str(number))["ts"])

    with ThreadPoolExecutor(16) as pool:
        stamps = list(pool.map(post, range(64)))
    assert len(set(stamps)) == 64
    assert {each.text for each in sandbox.workspace.log} == {str(number) for number in range(64)}
