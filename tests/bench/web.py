"""A web server in a thread, and many clients that post to it at once."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.transports.http import signed_headers

HOST = "127.0.0.1"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Post = tuple[dict[str, str], bytes]


def bare_web_app(app: App) -> Starlette:
    """The least that brings Slack's requests to a Bolt app without queueing them in the event loop."""

    async def slack(request: Request) -> Response:
        answer = await run_in_threadpool(app.dispatch, to_bolt_request(request, await request.body()))
        return to_starlette_response(answer)

    return Starlette(routes=[Route("/slack/events", slack, methods=["POST"])])


@contextmanager
def served(web: Starlette) -> Iterator[int]:
    """The port on which `web` is served."""
    server = uvicorn.Server(uvicorn.Config(web, log_config=None, access_log=False))
    with socket.create_server((HOST, 0), backlog=256) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


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
        answer: Any = connection.getresponse()
        answer.read()
        return int(answer.status)
    finally:
        connection.close()
