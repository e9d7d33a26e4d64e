"""The local Slack workspace as a server: the Web API, Socket Mode, signed requests, and the page."""

from __future__ import annotations

import copy
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from slack_bolt import App

from bot.sandbox.actor import Actor
from bot.sandbox.courier import Courier, DueRetry
from bot.sandbox.downloads import Downloads
from bot.sandbox.faults import Faults
from bot.sandbox.http_server import HttpServer
from bot.sandbox.manifest import Manifest
from bot.sandbox.methods.base import Context
from bot.sandbox.model import Ack
from bot.sandbox.rates import RateLimits
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.routes import Routes
from bot.sandbox.transports.base import PayloadKind, Transport
from bot.sandbox.transports.http import HttpTransport
from bot.sandbox.transports.inline import InlineTransport
from bot.sandbox.transports.socket_mode import SocketTransport
from bot.sandbox.web_api import Tokens, WebApi
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]
OnClock = Callable[[str, str], None]

HOST = "127.0.0.1"


class Sandbox:
    """One local Slack workspace with one app installed, described by its manifest.

    `clock` gives the workspace's time, which stamps messages; `monotonic` the seconds that acks, trigger ids and
    rate limits are measured in. `on_clock(to, user_id)` lets the page move the clock; without it, it cannot.
    """

    def __init__(
        self,
        manifest: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        port: int = 0,
        *,
        rate_limits: bool = False,
        on_clock: OnClock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        self.workspace = Workspace(Manifest.read(manifest), clock, monotonic)
        self.faults = Faults()
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-sandbox-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self._socket = SocketTransport(HOST)
        self._courier = Courier(self.workspace, self._socket, monotonic)
        self._response_urls = ResponseUrls(self.workspace)
        tokens = Tokens(self.bot_token, self.app_token, self.signing_secret)
        rates = RateLimits(monotonic) if rate_limits else None
        self._api = WebApi(Context(self.workspace, self._socket.new_url), tokens, self.faults, rates)
        downloads = Downloads(self.workspace, tokens, self.faults, self._api.stopping)
        self._routes = Routes(self.workspace, self._api, self._response_urls, self.user, on_clock, downloads)
        self._http = HttpServer(HOST, port, self._routes.answer, self._routes.streams)
        self.workspace.url = f"http://{HOST}:{self._http.port}"

    @property
    def url(self) -> str:
        """Where the page is, without a closing slash."""
        return self.workspace.url

    @property
    def api_url(self) -> str:
        """The `base_url` of a WebClient."""
        return f"{self.url}/api/"

    # Life

    def start(self) -> Self:
        """Begins to serve; events are sent from now on."""
        self._socket.start()
        self._http.start()
        self.workspace.emit = self._emit
        return self

    def stop(self) -> None:
        """Ends all connections and threads."""
        self.workspace.emit = lambda event: None
        self._api.stopping.set()
        self._http.stop()
        self._socket.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _emit(self, event: Json) -> None:
        self._courier.event(event)

    # Who receives

    def deliver_inline(self, app: App) -> None:
        """Dispatches every payload into `app`, in the thread of whoever acts."""
        self._use(InlineTransport(app))

    def deliver_socket(self) -> None:
        """Sends every payload to one of the connected Socket Mode clients."""
        self._use(self._socket)

    def deliver_http(self, request_url: str) -> None:
        """Posts every payload, signed, to `request_url`."""
        self._use(HttpTransport(request_url, self.signing_secret, time.time))

    def _use(self, transport: Transport) -> None:
        self._courier.transport = transport

    @property
    def connections(self) -> int:
        """How many Socket Mode connections are open."""
        return self._socket.connections

    def wait_for_connections(self, count: int = 1, timeout: float = 15.0) -> bool:
        """Waits until the app has `count` Socket Mode connections."""
        return self._socket.wait_for_connections(count, timeout)

    def disconnect_clients(self, reason: str = "refresh_requested") -> None:
        """Asks every Socket Mode client to connect anew."""
        self._socket.disconnect(reason)

    # Acting

    def user(self, user_id: str) -> Actor:
        """The person of that id at their screen; KeyError for an unknown id."""
        return Actor(self.workspace, self._courier, self._response_urls, self.workspace.users[user_id].id)

    def send_event(self, event: Json) -> Ack | None:
        """Sends any event in a fresh envelope; None when the manifest does not subscribe to it."""
        return self._courier.event(event)

    def send_raw(self, payload: Json, kind: PayloadKind) -> Ack:
        """Sends a payload as it is: a replay, or a forged one."""
        return self._courier.send(kind, copy.deepcopy(payload))

    def last_payload(self, kind: PayloadKind) -> Json:
        """The last payload of that kind that was sent; KeyError when there was none."""
        return copy.deepcopy(self._courier.last[kind])

    @property
    def due_retries(self) -> list[DueRetry]:
        """The events that Slack would send again later."""
        return list(self._courier.due)

    def accept_late(self) -> None:
        """Executes now what the fault `accept_late` has put off and whose time has come."""
        self._api.accept_late()

    def run_retries(self) -> list[Ack]:
        """Sends now what Slack would send again after 1 and 5 minutes."""
        return self._courier.run_retries()

    def wait_for(self, condition: Callable[[Workspace], object], timeout: float = 15.0) -> bool:
        """Waits until `condition(workspace)` is true, checked after every change and every 20 ms;
        False when it did not come."""
        deadline = time.monotonic() + timeout
        version = -1
        while not condition(self.workspace):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            version = self.workspace.wait_for_change(version, min(left, 0.02))
        return True
