"""Servers on this machine that are no good, and a name that leads to them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
NAME = "slack.test"
# Anonymous: no certificate has to be made for a test, and none is trusted.
CIPHERS = "AECDH-AES128-SHA:@SECLEVEL=0"


@dataclass
class Peer:
    """A server that treats each connection in its own way; `heads` are the requests that came, to the empty line."""

    port: int
    heads: list[bytes] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def read_head(self, line: socket.socket) -> bytes:
        """A request's head, and what came with it of its body."""
        head = b""
        while b"\r\n\r\n" not in head and (more := line.recv(65536)):
            head += more
        self.heads.append(head)
        return head


Treat = Callable[[Peer, socket.socket, threading.Event], None]


@contextmanager
def peer(treat: Treat) -> Iterator[Peer]:
    """A server that gives each connection to `treat`, with an event that is set when the block ends."""
    ending, threads, lines = threading.Event(), [], []
    with socket.create_server((HOST, 0)) as server:
        found = Peer(server.getsockname()[1])

        def one(line: socket.socket) -> None:
            with suppress(OSError), line:
                treat(found, line, ending)

        def serve() -> None:
            while not ending.is_set():
                with suppress(OSError):
                    line, _ = server.accept()
                    lines.append(line)
                    threads.append(threading.Thread(target=one, args=(line,)))
                    threads[-1].start()

        server.settimeout(0.05)
        accepting = threading.Thread(target=serve)
        accepting.start()
        try:
            yield found
        finally:
            ending.set()
            accepting.join()
            for line in lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def silent(_: Peer, __: socket.socket, ending: threading.Event) -> None:
    """Takes the connection, and says nothing."""
    ending.wait()


def drips(first: bytes, rest: bytes, last: bytes) -> Treat:
    """Answers with `first` at once, then `rest` a byte at a time for half a minute or until nobody listens, `last`."""

    def treat(self: Peer, line: socket.socket, ending: threading.Event) -> None:
        self.read_head(line)
        line.sendall(first)
        try:
            for number in range(300):
                line.sendall(rest[number % len(rest) :][:1])
                if ending.wait(0.1):
                    return
            line.sendall(last)
        except OSError:
            self.hung_up.set()

    return treat


def answers(what: bytes) -> Treat:
    """Reads what it is asked, says this and hangs up."""

    def treat(self: Peer, line: socket.socket, _: threading.Event) -> None:
        self.read_head(line)
        line.sendall(what)

    return treat


def relay(to: socket.socket, line: socket.socket, ending: threading.Event) -> None:
    """Both ways until one side has ended."""

    def back() -> None:
        with suppress(OSError):
            while more := to.recv(65536):
                line.sendall(more)
            line.shutdown(socket.SHUT_RDWR)

    thread = threading.Thread(target=back)
    thread.start()
    with suppress(OSError):
        while not ending.is_set() and (more := line.recv(65536)):
            to.sendall(more)
    with suppress(OSError):
        to.shutdown(socket.SHUT_RDWR)
    thread.join()


def proxies(self: Peer, line: socket.socket, ending: threading.Event) -> None:
    """An HTTP proxy: tunnels, and passes on what is asked of it for another server."""
    head = self.read_head(line)
    verb, address, rest = head.split(b" ", 2)
    tunnel = verb == b"CONNECT"
    place, _, path = address.partition(b"//")[2 if b"//" in address else 0].partition(b"/")
    with socket.create_connection((HOST, int(place.rpartition(b":")[2]))) as to:
        if tunnel:
            line.sendall(b"HTTP/1.0 200 Connected\r\n\r\n")
        else:
            to.sendall(b" ".join((verb, b"/" + path, rest)))
        relay(to, line, ending)


def hesitates(seconds: float) -> Treat:
    """A proxy that waits before it tunnels."""

    def treat(self: Peer, line: socket.socket, ending: threading.Event) -> None:
        ending.wait(seconds)
        proxies(self, line, ending)

    return treat


def tls_before(port: int) -> Treat:
    """A server that speaks TLS, before another on this machine that does not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _anonymous(context)

    def treat(_: Peer, line: socket.socket, ending: threading.Event) -> None:
        with context.wrap_socket(line, server_side=True) as safe, socket.create_connection((HOST, port)) as to:
            relay(to, safe, ending)

    return treat


class Anonymous(ssl.SSLContext):
    """What talks to `tls_before`; `before_use` is called when the handshake is over, which had `given` seconds."""

    before_use: Callable[[], None] = staticmethod(lambda: None)
    given: float | None = None

    def wrap_socket(self, sock: socket.socket, *args: Any, **named: Any) -> ssl.SSLSocket:
        self.given = sock.gettimeout()
        safe = super().wrap_socket(sock, *args, **named)
        self.before_use()
        return safe


def anonymous() -> Anonymous:
    context = Anonymous(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _anonymous(context)
    return context


def _anonymous(context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)


@contextmanager
def unanswering() -> Iterator[int]:
    """A port whose connections are never made: its queue is full."""
    with ExitStack() as stack:
        hole = stack.enter_context(socket.socket())
        hole.bind((HOST, 0))
        hole.listen(0)
        for _ in range(8):
            line = stack.enter_context(socket.socket())
            line.setblocking(False)
            with suppress(BlockingIOError):
                line.connect(hole.getsockname())
        yield hole.getsockname()[1]


def named(ports: Sequence[int], meanwhile: Callable[[], object] = lambda: None) -> Callable[..., list[Any]]:
    """In the place of the system's resolver: `NAME` has these ports of this machine, once `meanwhile` has ended."""
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        if host != NAME:
            return real(host, port, *args, **more)
        if more.get("flags", 0) & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "a name")
        meanwhile()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (HOST, each)) for each in ports]

    return resolve
