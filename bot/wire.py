"""One HTTP exchange within one deadline, and nowhere but where it was sent.

The standard library's time-out holds for each operation of a socket: a name with many silent addresses, or an answer
that drips, takes as long as it likes. Here one deadline holds for the name, all its addresses, a proxy's tunnel, TLS,
the request and the whole answer. Redirects are not followed: what was asked may have been done before them, and the
request's headers are nobody else's.
"""

import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from ssl import SSLContext
from typing import Any, cast
from urllib.request import (
    AbstractHTTPHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from bot.waiting import asked

# As `socket.getaddrinfo` gives it: family, kind, protocol, canonical name, address.
Place = tuple[Any, ...]


class Unsent(OSError):
    """No byte of the request was written, and none will be."""


def opener(proxy: str | None = None, context: SSLContext | None = None) -> OpenerDirector:
    """What opens http and https addresses; `open(request, timeout)` has a deadline of `timeout` seconds in all.

    `proxy` is an address, None for the environment's. What it raises while nothing has left is a `URLError` whose
    reason is `Unsent`; past the deadline it and the answer's `read` raise `TimeoutError`, plain or as such a reason.
    Whatever is no 2xx is an `HTTPError`, redirects too.
    """
    proxies = {"http": proxy, "https": proxy} if proxy else None
    made = OpenerDirector()
    for handler in (
        ProxyHandler(proxies),
        _Handler(context),
        HTTPErrorProcessor(),
        HTTPDefaultErrorHandler(),
        UnknownHandler(),
    ):
        made.add_handler(handler)
    return made


class _Handler(AbstractHTTPHandler):
    def __init__(self, context: SSLContext | None):
        super().__init__()
        self._context = context

    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(_Connection, request)

    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(_SecureConnection, request, context=self._context)

    http_request = https_request = AbstractHTTPHandler.do_request_


class _Connection(HTTPConnection):
    """A connection for one exchange, which is over `timeout` seconds after this object is made."""

    def __init__(self, host: str, port: int | None = None, timeout: float = 10, *args: Any, **named: Any):
        super().__init__(host, port, timeout, *args, **named)
        self._ends = time.monotonic() + timeout
        self._create_connection = self._dial
        self.response_class = self._listen  # type: ignore[assignment]

    def connect(self) -> None:
        """Connect, through the proxy's tunnel where there is one."""
        super().connect()
        self._heed(self.sock)

    def send(self, data: Any) -> None:
        """Write; the first time connect before it. Raises `Unsent` or `TimeoutError` past the deadline."""
        if self.sock is None:
            self._reach()
        else:
            self._heed(self.sock)
        super().send(data)

    def _reach(self) -> None:
        try:
            self.connect()
            # The last look at the clock: nothing has been written yet, and past the deadline nothing will be.
            self._heed(self.sock)
        except (OSError, HTTPException, ValueError) as error:
            raise Unsent(str(error) or type(error).__name__) from error

    def _dial(self, address: tuple[str, int], *_: object) -> socket.socket:
        """A line to the first address that answers; each has an equal share of the time left, so that none uses up
        what the others need."""
        failed = OSError("the name has no address")
        found = _resolve(*address, self._left())
        for number, place in enumerate(found):
            try:
                return _line_to(place, self._left() / (len(found) - number))
            except OSError as error:
                failed = error
        raise failed

    def _listen(self, line: socket.socket, *args: Any, **named: Any) -> HTTPResponse:
        return HTTPResponse(cast(socket.socket, _Answer(line, self._heed)), *args, **named)

    def _heed(self, line: socket.socket) -> None:
        """Have the next operation end at the deadline; raises `TimeoutError` when that has passed."""
        line.settimeout(self._left())

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class _SecureConnection(HTTPSConnection, _Connection):
    """The same by TLS."""


class _Answer(RawIOBase):
    """What comes in on a line, in the place of its socket; past the deadline the line is closed."""

    def __init__(self, line: socket.socket, heed: Callable[[socket.socket], None]):
        self._line = line
        self._raw = line.makefile("rb", buffering=0)
        self._heed = heed

    def makefile(self, _mode: str) -> BufferedReader:
        return BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        try:
            self._heed(self._line)
            return self._raw.readinto(buffer)
        except TimeoutError:
            self._raw.close()
            raise

    def close(self) -> None:
        self._raw.close()
        super().close()


def _resolve(host: str, port: int, seconds: float) -> Sequence[Place]:
    """The addresses of a name. Nothing can interrupt the system's resolver: a thread is left behind to wait for it."""
    with suppress(socket.gaierror):
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return asked(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), "resolver").result(seconds)


def _line_to(place: Place, seconds: float) -> socket.socket:
    family, kind, protocol, _, address = place
    line = socket.socket(family, kind, protocol)
    try:
        line.settimeout(seconds)
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line
