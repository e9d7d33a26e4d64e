"""The floor of opening Home: a bare Bolt app that runs the same SQL in raw sqlite3 and publishes an equal view."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from tests.bench.checkin_floor import PRAGMAS
from tests.bench.checkin_work import PROBE
from tests.bench.home_work import Work


class BareHome:
    """One listener, one connection, nothing between the two."""

    def __init__(self, connection: sqlite3.Connection, work: Work) -> None:
        self._connection, self._work = connection, work

    def app(self, client: WebClient, signing_secret: str, executor: Executor) -> App:
        app = App(client=client, signing_secret=signing_secret, listener_executor=executor)
        app.event("app_home_opened")(self._opened)
        return app

    def _opened(self, event: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
        person = event["user"]
        values = {PROBE: person, self._work.event: body["event_id"]}
        cursor = self._connection.cursor()
        for step in self._work.steps:
            cursor.execute(step.sql, [values.get(value, value) for value in step.values]).fetchall()
        client.views_publish(user_id=person, view=self._work.view(person))


@contextmanager
def connected(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection as durable as ours, without transactions of the driver's own."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        yield connection
