"""Ask a database that may be away, without waiting for it for long.

A server that drops packets keeps a question waiting for minutes. Whoever watches asks again every few seconds: each
question would hold a thread, and soon there would be none left to answer Slack with.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.operators.snapshot import Snapshot, read
from bot.pulse.health import under_way
from bot.pulse.keys import KeyDirectory
from bot.waiting import asked
from storage import delivery_report
from storage.database import SessionFactory, reading
from storage.trouble import in_words

PATIENCE_S = 5.0
T = TypeVar("T")


class DatabaseAwayError(Exception):
    """The database gave no answer; the message says why in words that hold no address."""


class Patient(Generic[T]):
    """One question at a time: who asks while it is under way waits for the same answer, for `patience_s` at most."""

    def __init__(self, question: Callable[[], T], patience_s: float):
        self._question = question
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._answer: Future[T] | None = None

    def ask(self) -> T:
        """The answer, or what the question raised. Raises `TimeoutError` when there is none in time."""
        with self._lock:
            answer = self._answer
            if answer is None or answer.done():
                answer = self._answer = asked(self._question, "candor-look")
        return answer.result(self._patience_s)


class Look:
    """This process's look at the database for health and metrics."""

    def __init__(self, sessions: SessionFactory, workspace_id: str, keys: KeyDirectory, patience_s: float = PATIENCE_S):
        def answers() -> None:
            with reading(sessions) as session:
                delivery_report.answers(session)

        def snapshot() -> Snapshot:
            with reading(sessions) as session:
                return read(session, workspace_id)

        def keys_trouble() -> str | None:
            return under_way(sessions, keys)

        self._patience_s = patience_s
        self._answers = Patient(answers, patience_s)
        self._snapshot = Patient(snapshot, patience_s)
        self._keys_trouble = Patient(keys_trouble, patience_s)

    def answers(self) -> None:
        """Nothing, when the database answers. Raises `DatabaseAwayError`."""
        self._ask(self._answers)

    def snapshot(self) -> Snapshot:
        """The outbox as it is. Raises `DatabaseAwayError`."""
        return self._ask(self._snapshot)

    def keys_trouble(self) -> str | None:
        """What is wrong with the keys of the pulse under way, in words; None when nothing is. Raises
        `DatabaseAwayError`."""
        return self._ask(self._keys_trouble)

    def _ask(self, question: Patient[T]) -> T:
        try:
            return question.ask()
        except SQLAlchemyError as error:
            raise DatabaseAwayError(in_words(error)) from None
        except TooLate:
            raise DatabaseAwayError(f"no answer within {self._patience_s:g} s") from None
