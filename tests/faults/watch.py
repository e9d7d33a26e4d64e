"""At which step a worker is, seen from outside: by what it says to its database and to Slack.

The product has no hooks for this. SQLAlchemy tells of statements and commits, and the standard library's HTTP client
tells of requests and responses. One thread a process.
"""

import http.client
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any, cast

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from storage.database import SessionFactory
from tests.faults.steps import Step

Reached = Callable[[Step], None]


class Deed(Enum):
    """What a transaction does to the outbox."""

    PLAN = auto()
    RECOVER = auto()
    CLAIM = auto()
    SENDING = auto()
    MARK = auto()
    LOOK_UP = auto()


BEFORE = {
    Deed.PLAN: Step.PLAN_BEFORE,
    Deed.RECOVER: Step.RECOVER_BEFORE,
    Deed.CLAIM: Step.CLAIM_BEFORE,
    Deed.SENDING: Step.SENDING_BEFORE,
}
AFTER = {
    Deed.PLAN: Step.PLAN_AFTER,
    Deed.RECOVER: Step.RECOVER_AFTER,
    Deed.CLAIM: Step.CLAIM_AFTER,
    Deed.SENDING: Step.SENDING_AFTER,
    Deed.LOOK_UP: Step.LOOK_UP_CLAIMED,
}


def deed_of(statement: str, values: Mapping[str, Any]) -> Deed | None:
    """What one statement with these values does to the outbox; None when it does nothing to it."""
    words = " ".join(statement.split())
    if "INSERT INTO delivery " in words:
        return Deed.PLAN
    if "UPDATE delivery SET " not in words:
        return None
    if "lease_until <" in words:
        return Deed.RECOVER
    if "state" not in values:
        return Deed.LOOK_UP if "not_before" in values else None
    return {"claimed": Deed.CLAIM, "sending": Deed.SENDING}.get(values["state"], Deed.MARK)


class Watch:
    """Tells of every step that this process comes to."""

    def __init__(self) -> None:
        _listen_in(self)
        self.begin(lambda step: None)

    def begin(self, reached: Reached) -> None:
        """From now on call `reached` with every step; what was under way is forgotten."""
        self._reached = reached
        self._doing: Deed | None = None
        self._changes = 0
        self._uncounted_since = 0
        # What was last intended, so that an outcome written down can be told to be that of a post or of a look-up.
        self._intent: Deed | None = None

    def observe(self, sessions: SessionFactory) -> None:
        """Hear what is said to this database, once for each."""
        engine: Engine = sessions.kw["bind"]
        event.listen(engine, "begin", self._on_begin)
        event.listen(engine, "after_cursor_execute", self._on_statement)
        event.listen(engine, "commit", self._on_commit)
        event.listen(sessions, "after_commit", self._on_committed)

    # The database

    def _on_begin(self, connection: Connection) -> None:
        self._doing, self._changes = None, 0
        self._uncounted_since = _total_changes(connection)

    def _on_statement(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        values = context.compiled_parameters[0] if context.compiled else {}
        deed = deed_of(statement, values)
        if deed is not None:
            self._doing = deed
            self._changes += cursor.rowcount

    def _on_commit(self, connection: Connection) -> None:
        # SQLite's cursors do not count the rows of a statement that begins with WITH; its connections do.
        if self._changes < 0:
            self._changes = _total_changes(connection) - self._uncounted_since
        if self._changes == 0:
            self._doing = None
        if self._doing in BEFORE:
            self._reached(BEFORE[self._doing])
        elif self._doing is Deed.MARK and self._intent is not None:
            self._reached(Step.MARK_BEFORE if self._intent is Deed.SENDING else Step.RECONCILE_BEFORE)

    def _on_committed(self, session: Any) -> None:
        deed, self._doing = self._doing, None
        if deed in AFTER:
            self._intent = deed if deed in (Deed.SENDING, Deed.LOOK_UP) else None
            self._reached(AFTER[deed])
        elif deed is Deed.MARK and self._intent is not None:
            posted, self._intent = self._intent is Deed.SENDING, None
            self._reached(Step.MARK_AFTER if posted else Step.RECONCILE_AFTER)

    # Slack

    def written(self, path: str) -> None:
        """All bytes of a request have gone to the operating system."""
        if path.endswith("/chat.postMessage"):
            self._reached(Step.BYTES_WRITTEN)

    def answered(self, path: str) -> None:
        """The answer was read, or it is certain that none comes any more."""
        if path.endswith("/chat.postMessage"):
            self._reached(Step.RESPONSE_READ)
        elif path.endswith("/conversations.history") and self._intent is Deed.LOOK_UP:
            self._reached(Step.HISTORY_READ)


def _total_changes(connection: Connection) -> int:
    return getattr(connection.connection.driver_connection, "total_changes", 0)


def _listen_in(watch: Watch) -> None:
    """Have the standard library's HTTP client tell of requests and responses, whoever builds on it."""
    request, getresponse = http.client.HTTPConnection.request, http.client.HTTPConnection.getresponse
    read = http.client.HTTPResponse.read

    def requesting(self: Any, method: str, url: str, *rest: Any, **more: Any) -> None:
        self.path = url
        request(self, method, url, *rest, **more)
        watch.written(url)

    def answering(self: Any) -> http.client.HTTPResponse:
        try:
            response: Any = getresponse(self)
        except (OSError, http.client.HTTPException):
            watch.answered(self.path)
            raise
        response.path = self.path
        return cast(http.client.HTTPResponse, response)

    def reading(self: Any, amt: int | None = None) -> bytes:
        try:
            return read(self, amt)
        finally:
            watch.answered(getattr(self, "path", ""))

    http.client.HTTPConnection.request = requesting  # type: ignore[method-assign]
    http.client.HTTPConnection.getresponse = answering  # type: ignore[method-assign]
    http.client.HTTPResponse.read = reading  # type: ignore[method-assign]
