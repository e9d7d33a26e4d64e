"""A web application on a port, in a thread of this process, that starts and ends with it."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.errors import OperatorError

# Requests under way have this long to end when the process is told to.
GRACE_S = 5


class _Server(uvicorn.Server):
    """A server that tells when it is up."""

    def __init__(self, config: uvicorn.Config):
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Take the port; 0 takes any free one. Raises `OperatorError` that names the setting it comes from."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else "no such host"
        raise OperatorError(
            f"{setting}: port {port} on {host} cannot be used ({why}). Stop what uses it, or set {setting} to another."
        ) from None


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[Callable[[], None]]:
    """Serve the application until the end of the block, and close the port.

    Yields a check that raises `OperatorError` when the server has ended by itself.
    """
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_S)
    server = _Server(config)
    port = listener.getsockname()[1]
    thread = threading.Thread(target=server.run, args=([listener],), name=f"candor-port-{port}")

    def check() -> None:
        if not thread.is_alive():
            raise OperatorError(f"The server on port {port} has ended by itself: start the bot again.")

    with listener:
        thread.start()
        try:
            while not server.up.wait(0.1):
                check()
            yield check
        finally:
            server.should_exit = True
            thread.join()
