"""The bytes behind `url_private` and `url_private_download`, for whoever shows the app's token."""

from __future__ import annotations

import threading
from http.client import HTTPMessage
from urllib.parse import quote

from bot.sandbox.errors import ApiError
from bot.sandbox.faults import BEFORE, Fault, Faults
from bot.sandbox.model import Call, File
from bot.sandbox.rates import limited
from bot.sandbox.shapes import file_json
from bot.sandbox.web_api import Answer, Tokens, struck
from bot.sandbox.workspace import Workspace

METHOD = "url_private"
"""The name under which downloads are recorded and broken by faults; the only argument is `file`."""

SIGN_IN = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to Sandbox</h1></body></html>"


class Downloads:
    """Answers requests for files. Whoever may not read gets no error but a page to sign in, with status 200."""

    def __init__(self, workspace: Workspace, tokens: Tokens, faults: Faults, stopping: threading.Event):
        self._workspace = workspace
        self._tokens = tokens
        self._faults = faults
        self._stopping = stopping

    def get(self, file_id: str, name: str, headers: HTTPMessage, *, attached: bool) -> Answer:
        """The file's bytes; `attached` for the address that makes browsers save them. 404 for no or another file."""
        fault = self._faults.take(METHOD, {"file": file_id})
        if fault and fault.kind == "slow":
            self._stopping.wait(fault.seconds)
        error: str | None = None
        try:
            if fault and fault.kind == "ratelimited":
                raise limited(fault.retry_after)
            answer = self._answer(file_id, name, headers, attached=attached)
        except ApiError as refusal:
            answer, error = _words(refusal), refusal.error
        return self._recorded(file_id, answer, error, fault)

    def _answer(self, file_id: str, name: str, headers: HTTPMessage, *, attached: bool) -> Answer:
        if not self._may_read(headers):
            raise ApiError("sign_in")
        file = self._workspace.visible_file(file_id)
        if file.deleted or file.name != name:
            raise ApiError("file_not_found")
        return content_of(file, attached=attached)

    def _may_read(self, headers: HTTPMessage) -> bool:
        """Only the header counts: Slack takes no token in a file's address."""
        shown = headers.get("Authorization") == f"Bearer {self._tokens.bot}"
        return shown and self._workspace.refusal is None and "files:read" in self._workspace.scopes

    def _recorded(self, file_id: str, answer: Answer, error: str | None, fault: Fault | None) -> Answer:
        kind = fault.kind if fault and fault.kind != "ok" else None
        executed = error is None and kind not in BEFORE
        with self._workspace.lock:
            call = Call(METHOD, {"file": file_id}, error is None, error, self._workspace.clock(), executed, kind)
            self._workspace.calls.append(call)
        return struck(answer, kind) if kind else answer


def content_of(file: File, *, attached: bool) -> Answer:
    """The bytes as they go over the wire."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"} if attached else {}
    return Answer(body=file.content, content_type=file_json(file)["mimetype"], headers=headers)


def _words(refusal: ApiError) -> Answer:
    """A refusal as this server words it: it knows no JSON."""
    if refusal.error == "sign_in":
        return Answer(200, SIGN_IN, "text/html; charset=utf-8")
    status = refusal.status if refusal.status != 200 else 404
    return Answer(status, refusal.error.encode(), "text/plain", refusal.headers)
