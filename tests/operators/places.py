"""What tests of the operators' side share: a bot's services on a test's database, and its pages over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.app import Services
from bot.operators.web import Operations, ops_app
from bot.serving import listen, serving
from tests.candor import settings_for
from tests.delivery.world import WORKSPACE, World


def services_of(world: World, **settings: Any) -> Services:
    return Services(settings_for(world.slack, **settings), world.sessions, world.clock, WORKSPACE)


@contextmanager
def served(shown: Operations) -> Iterator[str]:
    """The address of the operators' pages."""
    listener = listen("127.0.0.1", 0, "CANDOR_OPS_PORT")
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with serving(ops_app(shown), listener):
        yield address


def get(url: str, accept: str = "*/*") -> tuple[int, str, str]:
    """Status, content type and body."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read().decode()


def get_json(url: str) -> tuple[int, Any]:
    status, content_type, body = get(url)
    assert content_type == "application/json"
    return status, json.loads(body)
