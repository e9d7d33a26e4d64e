"""The least that answers `chat.postMessage` as Slack does, in a process of its own.

The local workspace of the sandbox checks every block: it would take longer than all that is to be measured.
"""

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from slack_sdk import WebClient

HOST = "127.0.0.1"
START_S = 60


@contextmanager
def slack() -> Iterator[WebClient]:
    """A client of it; it is gone afterwards."""
    spawn = multiprocessing.get_context("spawn")
    told, tell = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_serve, args=(tell,), daemon=True)
    process.start()
    try:
        if not told.poll(START_S):
            raise RuntimeError("the local Slack of the bench did not start")
        yield WebClient(token="xoxb-bench", base_url=f"http://{HOST}:{told.recv()}/api/")
    finally:
        process.terminate()
        process.join()


def _serve(tell: Connection) -> None:
    with ThreadingHTTPServer((HOST, 0), _Handler) as server:
        tell.send(server.server_port)
        server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    # Buffered, so that an answer leaves in one piece, as from a real server.
    wbufsize = -1
    numbers = count(1)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        posted = {"channel": f"D{asked['channel']}", "ts": f"1795000000.{next(self.numbers):06d}"}
        answer = json.dumps({"ok": True} | posted).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Nothing: a line for each request would only cost time."""
