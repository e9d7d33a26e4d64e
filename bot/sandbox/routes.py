"""Which path leads where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from http.client import HTTPMessage
from typing import Any
from urllib.parse import parse_qsl, unquote

from bot.sandbox.actor import Actor
from bot.sandbox.downloads import Downloads
from bot.sandbox.errors import ApiError
from bot.sandbox.http_server import Stream
from bot.sandbox.methods.files import receive
from bot.sandbox.page_api import PageApi
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.web_api import Answer, WebApi
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


class Routes:
    """Answers one HTTP request of any kind."""

    def __init__(
        self,
        workspace: Workspace,
        api: WebApi,
        response_urls: ResponseUrls,
        user: Callable[[str], Actor],
        on_clock: Callable[[str, str], None] | None,
        downloads: Downloads,
    ):
        self._workspace = workspace
        self._api = api
        self._downloads = downloads
        self._response_urls = response_urls
        self._page = PageApi(workspace, user, on_clock)
        self.streams: Mapping[str, Stream] = {"/page/changes": self._page.stream}

    def answer(self, verb: str, target: str, headers: HTTPMessage, body: bytes) -> Answer:
        """The answer to one request; 404 for a path that leads nowhere."""
        path, _, query = target.partition("?")
        try:
            if path.startswith("/api/"):
                return self._api_call(path, query, headers, body)
            if match := re.fullmatch(r"/upload/v1/([\w-]+)", path):
                receive(self._workspace, match.group(1), body)
                return Answer(body=b"OK", content_type="text/plain")
            if match := re.fullmatch(r"/response/\w+/([\w-]+)", path):
                return self._respond(match.group(1), body)
            if match := re.fullmatch(r"/files-pri/T\w+-(F\w+)/(download/)?(.+)", path):
                name, attached = unquote(match.group(3)), match.group(2) is not None
                return self._downloads.get(match.group(1), name, headers, attached=attached)
            if verb == "POST":
                return self._page.post(path, headers.get("Content-Type") or "", body)
            return self._page.get(path, query)
        except ApiError as refused:
            return Answer(refused.status, json.dumps(refused.body()).encode())

    def _api_call(self, path: str, query: str, headers: HTTPMessage, body: bytes) -> Answer:
        if query and not body:
            body = query.encode()
        return self._api.call(path.removeprefix("/api/"), headers, body)

    def _respond(self, key: str, body: bytes) -> Answer:
        try:
            payload = json.loads(body)
        except ValueError:
            payload = json.loads(dict(parse_qsl(body.decode())).get("payload", "null"))
        if not isinstance(payload, dict):
            raise ApiError("invalid_payload", status=400)
        self._response_urls.answer(key, payload)
        return Answer(body=b"ok", content_type="text/plain")
