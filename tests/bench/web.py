"""A web server in a process of its own, as in life, and many clients that post to it at once."""

import http.client
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, ParamSpec
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette

from bot.sandbox.transports.http import signed_headers

HOST = "127.0.0.1"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
START_S = 60

P = ParamSpec("P")
Post = tuple[dict[str, str], bytes]


@contextmanager
def served(make: Callable[P, Starlette], *args: P.args, **kwargs: P.kwargs) -> Iterator[int]:
    """The port on which a new process serves `make(*args, **kwargs)`. Slack and its people stay in this one."""
    spawn = multiprocessing.get_context("spawn")
    told, tell = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_serve, args=(tell, make, args, kwargs))
    process.start()
    try:
        if not told.poll(START_S):
            raise RuntimeError("the web server of the bench did not start")
        yield told.recv()
    finally:
        process.terminate()
        process.join()


def _serve(tell: Connection, make: Callable[..., Starlette], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    web = make(*args, **kwargs)
    # The port takes connections from here on; they wait until the server accepts them.
    with socket.create_server((HOST, 0), backlog=256) as listener:
        tell.send(listener.getsockname()[1])
        uvicorn.Server(uvicorn.Config(web, log_config=None, access_log=False)).run([listener])


def signed(secret: str, payload: str) -> Post:
    """An interaction as Slack posts it, signed now."""
    body = urlencode({"payload": payload}).encode()
    return FORM | signed_headers(secret, body, int(time.time())), body


def post_at_once(port: int, posts: Sequence[Post]) -> list[float]:
    """Seconds from opening the connection to the whole answer, of each post; all begin together."""
    start = threading.Barrier(len(posts))

    def post(one: Post) -> float:
        start.wait()
        began = time.perf_counter()
        status = _post(port, *one)
        assert status == 200, status
        return time.perf_counter() - began

    with ThreadPoolExecutor(len(posts)) as clients:
        return list(clients.map(post, posts))


def _post(port: int, headers: dict[str, str], body: bytes) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("POST", "/slack/events", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
