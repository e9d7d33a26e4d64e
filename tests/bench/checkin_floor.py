"""The floor of a check-in: a bare Bolt app that runs the same statements in raw sqlite3 and builds an equal view."""

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from sqlalchemy import Engine

from tests.bench.checkin_work import ANSWERS, HELPED, PROBE, Work
from tests.bench.statements import Step

PRAGMAS = ("journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON")


def copy_database(engine: Engine, target: Path) -> Path:
    """A copy with the same schema and rows."""
    with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    return target


class RawCheckIns:
    """One listener, one connection a thread, nothing between the two."""

    def __init__(self, database: Path, work: Work) -> None:
        self._database, self._work = database, work
        self._mine = threading.local()
        self._opened: list[sqlite3.Connection] = []

    def app(self, client: WebClient, signing_secret: str, executor: Executor | None = None) -> App:
        app = App(client=client, signing_secret=signing_secret, listener_executor=executor)
        app.view("checkin.submit")(self._submit)
        return app

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    def _submit(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        person, values = body["user"]["id"], _values(body)
        self._run(self._work.before_ack, values)
        ack(response_action="clear")
        self._run(self._work.after_ack, values)
        client.views_publish(user_id=person, view=self._work.view(person))

    def _run(self, steps: Sequence[Step], values: Mapping[str, str]) -> None:
        cursor = self._connection().cursor()
        for step in steps:
            cursor.execute(step.sql, [values.get(value, value) for value in step.values]).fetchall()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._mine, "connection"):
            # Closed by another thread than its own, at the end.
            connection = sqlite3.connect(self._database, isolation_level=None, check_same_thread=False)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            self._opened.append(connection)
            self._mine.connection = connection
        opened: sqlite3.Connection = self._mine.connection
        return opened


def _values(body: dict[str, Any]) -> dict[str, str]:
    """What the recorded values become for this person, read from their form."""
    form = body["view"]["state"]["values"]
    helped = [option["value"] for option in form["helped"]["helped"]["selected_options"]]
    return {
        PROBE: body["user"]["id"],
        ANSWERS["saved"]: form["saved"]["saved"]["selected_option"]["value"],
        ANSWERS["rework"]: form["rework"]["rework"]["selected_option"]["value"],
        ANSWERS["note"]: form["note"]["note"]["value"],
        json.dumps(HELPED): json.dumps(helped),
    }
