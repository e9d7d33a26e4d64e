"""A person drops a file into the conversation: what the app is told, and who may read the bytes."""

import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.errors import Misuse
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.server import Sandbox
from tests.sandbox.acts import heard
from tests.sandbox.manifests import changed, workspace_with
from tests.sandbox.refusals import error_of

Json = dict[str, Any]
POLICY = b"---\ntitle: AI usage\n---\n# Who sees it\nOnly you.\n"


def download(url: str, token: str | None) -> tuple[str, bytes]:
    """(content type, body) of what is behind an address, with a bearer token or without."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as response:
        return response.headers["Content-Type"], response.read()


def test_the_app_hears_of_a_dropped_file_as_slack_tells_it(sandbox: Sandbox, app: App) -> None:
    events = heard(app)
    message = sandbox.user("U01").upload("Policy 2.md", POLICY, "the new <draft>")
    assert sandbox.wait_for(lambda _: events)
    (event,) = events
    assert (event["subtype"], event["channel_type"], event["user"]) == ("file_share", "im", "U01")
    assert (event["text"], event["ts"], event["upload"]) == ("the new &lt;draft&gt;", message.ts, True)
    (file,) = event["files"]
    assert {name: file[name] for name in ("name", "mimetype", "filetype", "pretty_type", "mode", "size", "user")} == {
        "name": "Policy 2.md", "mimetype": "text/plain", "filetype": "markdown", "pretty_type": "Markdown (raw)",
        "mode": "snippet", "size": len(POLICY), "user": "U01",
    }  # fmt: skip
    assert file["url_private"].endswith(f"-{file['id']}/Policy%202.md")
    assert file["url_private_download"].endswith(f"-{file['id']}/download/Policy%202.md")


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("photo.PNG", b"\x89PNG", ("image/png", "png", "hosted")),
        ("long.md", b"x" * 1_000_001, ("text/plain", "markdown", "hosted")),
        ("README", b"", ("application/octet-stream", "binary", "hosted")),
    ],
)
def test_what_a_file_is_taken_for_goes_by_its_name(
    sandbox: Sandbox, app: App, client: WebClient, name: str, content: bytes, shown: tuple[str, str, str]
) -> None:
    (dropped,) = sandbox.user("U01").upload(name, content).files
    file = client.files_info(file=dropped.id)["file"]
    assert (file["mimetype"], file["filetype"], file["mode"]) == shown


def test_both_addresses_give_the_bytes_to_the_apps_token(sandbox: Sandbox, app: App) -> None:
    (file,) = sandbox.user("U01").upload("policy.md", POLICY).files
    assert download(file.url, sandbox.bot_token) == ("text/plain", POLICY)
    assert download(file.download_url, sandbox.bot_token) == ("text/plain", POLICY)
    fetched = [call for call in sandbox.workspace.calls if call.method == "url_private"]
    assert [(call.args, call.ok) for call in fetched] == [({"file": file.id}, True)] * 2


def test_a_wrong_token_gets_a_page_to_sign_in_and_status_200(sandbox: Sandbox, app: App) -> None:
    (file,) = sandbox.user("U01").upload("policy.md", POLICY).files
    for token in (None, "xoxb-other", sandbox.app_token):
        kind, body = download(file.url, token)
        assert kind.startswith("text/html")
        assert POLICY not in body
    kind, _ = download(f"{file.url}?token={sandbox.bot_token}", None)
    assert kind.startswith("text/html")
    sandbox.workspace.revoke_tokens()
    assert download(file.url, sandbox.bot_token)[0].startswith("text/html")


def test_without_the_scope_the_file_is_named_but_not_given(tmp_path: Path) -> None:
    without = changed(tmp_path, oauth_config__scopes={"bot": ["chat:write", "im:history"]})
    with workspace_with(without) as (sandbox, client):
        app = App(client=client, signing_secret=sandbox.signing_secret)
        sandbox.deliver_inline(app)
        (file,) = sandbox.user("U01").upload("policy.md", POLICY).files
        assert download(file.url, sandbox.bot_token)[0].startswith("text/html")
        assert error_of(lambda: client.files_info(file=file.id)) == "missing_scope"


def test_a_file_in_a_channel_without_the_app_is_hidden_from_it(sandbox: Sandbox, client: WebClient) -> None:
    (file,) = sandbox.user("U01").upload("a.md", POLICY, channel="C01").files
    assert error_of(lambda: client.files_info(file=file.id)) == "file_not_found"
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        download(file.url, sandbox.bot_token)
    missing.value.close()
    sandbox.workspace.invite_bot("C01")
    assert download(file.url, sandbox.bot_token)[1] == POLICY
    assert client.files_info(file=file.id)["file"]["shares"]["public"]["C01"][0]["ts"] == file.shared_ts


def test_the_app_cannot_delete_what_somebody_else_dropped(sandbox: Sandbox, app: App, client: WebClient) -> None:
    (file,) = sandbox.user("U01").upload("policy.md", POLICY).files
    assert error_of(lambda: client.files_delete(file=file.id)) == "cant_delete_file"


def test_a_file_above_a_gigabyte_is_not_taken(sandbox: Sandbox, app: App) -> None:
    with pytest.raises(Misuse, match="too large"):
        sandbox.user("U01").upload("big.bin", bytes(1_000_000_001))
    assert sandbox.workspace.log == []


@pytest.mark.parametrize("kind", ["drop_before", "reset_after", "half_body"])
def test_a_download_can_break_off(sandbox: Sandbox, app: App, kind: FaultKind) -> None:
    (file,) = sandbox.user("U01").upload("policy.md", POLICY).files
    sandbox.faults.add(Fault("url_private", kind))
    with pytest.raises((OSError, HTTPException)):
        download(file.url, sandbox.bot_token)
    assert sandbox.workspace.calls[-1].fault == kind
    assert download(file.url, sandbox.bot_token)[1] == POLICY


def test_a_download_can_be_limited(sandbox: Sandbox, app: App) -> None:
    (file,) = sandbox.user("U01").upload("policy.md", POLICY).files
    sandbox.faults.add(Fault("url_private", "ratelimited", retry_after=7))
    with pytest.raises(urllib.error.HTTPError) as limited:
        download(file.url, sandbox.bot_token)
    with limited.value:
        assert (limited.value.code, limited.value.headers["Retry-After"]) == (429, "7")
