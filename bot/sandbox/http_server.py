"""The HTTP server. It holds the sockets itself, so that it can break them the way networks do."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Mapping
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.sandbox.web_api import Answer

Route = Callable[[str, str, HTTPMessage, bytes], Answer]
Stream = Callable[[Callable[[bytes], None], threading.Event], None]


class Handler(BaseHTTPRequestHandler):
    """One connection: reads requests, writes answers or breaks off."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HttpServer
    headers: HTTPMessage

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path in self.server.streams:
            self._stream(self.server.streams[path])
        else:
            self._respond()

    def do_POST(self) -> None:
        self._respond()

    def _respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.route(self.command, self.path, self.headers, body)
        match answer.broken:
            case "drop":
                self._shut()
            case "reset":
                linger_zero = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
                self._shut(half=False)
            case "hang":
                self.server.stopping.wait()
                self._shut()
            case "half_body":
                self._write(answer, answer.body[: len(answer.body) // 2])
                self._shut()
            case None:
                self._write(answer, answer.body)

    def _write(self, answer: Answer, body: bytes) -> None:
        """Sends head and body in one write; Content-Length is always that of the whole body."""
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        head: list[bytes] = getattr(self, "_headers_buffer", [])
        self._headers_buffer: list[bytes] = []
        self.connection.sendall(b"".join(head) + b"\r\n" + body)

    def _shut(self, *, half: bool = True) -> None:
        self.close_connection = True
        if half:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def _stream(self, stream: Stream) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        stream(self.connection.sendall, self.server.stopping)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: the workspace records calls itself."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # the client went away, or sent no HTTP
            self.close_connection = True


class HttpServer(ThreadingHTTPServer):
    """Serves `route` for everything but the paths in `streams`, in threads that end with the server."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, host: str, port: int, route: Route, streams: Mapping[str, Stream]):
        super().__init__((host, port), Handler)
        self.route = route
        self.streams = streams
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="sandbox-http", daemon=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        """Begins to accept connections, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends every connection, also those that hang."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            self._close_quietly(connection)
        self._thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def _close_quietly(self, connection: socket.socket) -> None:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side has closed it already
