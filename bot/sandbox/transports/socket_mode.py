"""Socket Mode: WebSocket connections of the app, envelopes to one of them, acks by envelope id."""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.sandbox.transports.base import ACK_SECONDS, Parcel, Reply
from bot.sandbox.workspace import APP_ID

Json = dict[str, Any]

CONNECTION_LIMIT = 10
PING_SECONDS = 0.5  # slack_sdk's client can close only between two frames that it receives
NO_CONNECTION = "no app is connected over Socket Mode"


class SocketTransport:
    """The WebSocket server. Each parcel goes to one connection, in turn."""

    retries = True

    def __init__(self, host: str) -> None:
        self._host = host
        self._lock = threading.Condition()
        self._tickets: set[str] = set()
        self._connections: deque[ServerConnection] = deque()
        self._waiting: dict[str, _Waiter] = {}
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listens on a free port, in a thread."""
        self._server = serve(
            self._serve, self._host, 0, compression=None, ping_interval=PING_SECONDS, ping_timeout=None
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="sandbox-sockets", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes every connection and the port."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            with self._lock:
                connections = list(self._connections)
            for connection in connections:
                connection.close()
            self._thread.join()

    def new_url(self) -> str:
        """An address that is good for one connection."""
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        ticket = secrets.token_urlsafe(16)
        with self._lock:
            self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1]
        return f"ws://{self._host}:{port}/link/?ticket={ticket}&app_id={APP_ID}"

    @property
    def connections(self) -> int:
        """How many connections of the app are open."""
        with self._lock:
            return len(self._connections)

    def wait_for_connections(self, count: int, timeout: float) -> bool:
        """Waits until at least `count` connections are open; False when `timeout` seconds were not enough."""
        with self._lock:
            return self._lock.wait_for(lambda: len(self._connections) >= count, timeout)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Asks every client to connect anew, as Slack does every few hours."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            self._send(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    def send(self, parcel: Parcel) -> Reply:
        envelope: Json = {
            "envelope_id": parcel.envelope_id, "type": parcel.kind, "payload": parcel.payload,
            "accepts_response_payload": parcel.kind != "events_api",
        }  # fmt: skip
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.retry_num, "retry_reason": parcel.retry_reason or ""}
        waiter = _Waiter()
        with self._lock:
            if not self._connections:
                return Reply(error=NO_CONNECTION)
            self._connections.rotate(-1)
            connection = self._connections[0]
            self._waiting[parcel.envelope_id] = waiter
        try:
            if not self._send(connection, envelope):
                return Reply(error=NO_CONNECTION)
            return waiter.wait()
        finally:
            with self._lock:
                self._waiting.pop(parcel.envelope_id, None)

    def _send(self, connection: ServerConnection, message: Json) -> bool:
        try:
            connection.send(json.dumps(message))
        except ConnectionClosed:
            return False
        return True

    def _serve(self, connection: ServerConnection) -> None:
        """One connection from hello to close."""
        if not self._admit(connection):
            connection.close(1008, "invalid ticket")
            return
        try:
            for text in connection:
                self._acknowledge(json.loads(text))
        except (ConnectionClosed, ValueError):
            connection.close(1007)
        finally:
            with self._lock:
                self._connections.remove(connection)
                self._lock.notify_all()

    def _admit(self, connection: ServerConnection) -> bool:
        path = connection.request.path if connection.request else ""
        ticket = parse_qs(urlsplit(path).query).get("ticket", [""])[0]
        with self._lock:
            if ticket not in self._tickets or len(self._connections) >= CONNECTION_LIMIT:
                return False
            self._tickets.remove(ticket)
            count = len(self._connections) + 1
        hello = {"type": "hello", "num_connections": count, "connection_info": {"app_id": APP_ID}}
        self._send(connection, hello | {"debug_info": {"host": "sandbox", "approximate_connection_time": 18060}})
        with self._lock:
            self._connections.append(connection)
            self._lock.notify_all()
        return True

    def _acknowledge(self, message: Json) -> None:
        with self._lock:
            waiter = self._waiting.get(str(message.get("envelope_id")))
        if waiter is not None:
            payload = message.get("payload")
            waiter.resolve(payload if isinstance(payload, dict) and payload else None)


class _Waiter:
    """The place where the sender of an envelope waits for its ack."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._body: Json | None = None

    def resolve(self, body: Json | None) -> None:
        self._body = body
        self._done.set()

    def wait(self) -> Reply:
        if not self._done.wait(ACK_SECONDS):
            return Reply(error="timeout")
        return Reply(body=self._body)
