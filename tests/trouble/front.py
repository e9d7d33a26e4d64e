"""A server in front of the local workspace that puts its own answers in the place of Slack's."""

import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage

from bot.sandbox.http_server import HttpServer
from bot.sandbox.server import Sandbox
from bot.sandbox.web_api import Answer

HOST = "127.0.0.1"
JSON = "application/json; charset=utf-8"


def says(body: bytes | str, status: int = 200, kind: str = JSON, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with this body."""
    return Answer(status, body.encode() if isinstance(body, str) else body, kind, headers or {})


@dataclass
class Front:
    """`answers` by method take the place of what the workspace says; it carries the call out all the same, unless the
    method is among the `swallowed`. `calls` counts all that came, by method.
    """

    slack: Sandbox
    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    swallowed: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def api_url(self) -> str:
        return f"http://{HOST}:{self.port}/api/"

    def start(self) -> None:
        self._server = HttpServer(HOST, self.port, self._route, {})
        self.port = self._server.port
        self._server.start()

    def stop(self) -> None:
        """From now on connections are refused, until it starts again."""
        self._server.stop()

    def _route(self, _verb: str, path: str, headers: HTTPMessage, body: bytes) -> Answer:
        method = path.rpartition("/")[2]
        self.calls[method] += 1
        real = None if method in self.swallowed else self._pass_on(path, headers, body)
        return self.answers.get(method) or real or says("", 500)

    def _pass_on(self, path: str, headers: HTTPMessage, body: bytes) -> Answer:
        kept = {name: value for name, value in headers.items() if name in ("Authorization", "Content-Type")}
        request = urllib.request.Request(self.slack.url + path, data=body, headers=kept)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return says(answer.read(), headers={"Date": answer.headers["Date"]})
        except urllib.error.HTTPError as error:
            return says(error.read(), error.code)


@contextmanager
def before(slack: Sandbox) -> Iterator[Front]:
    """A front of this workspace, that ends with the block."""
    front = Front(slack)
    front.start()
    try:
        yield front
    finally:
        front.stop()
