"""A question that nobody can interrupt, asked where nobody has to wait for it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def asked(question: Callable[[], T], name: str) -> Future[T]:
    """The answer to come, or what the question raises. The thread does not keep the process from ending."""
    found: Future[T] = Future()

    def ask() -> None:
        try:
            found.set_result(question())
        except Exception as error:  # It is raised where the answer is waited for.
            found.set_exception(error)

    threading.Thread(target=ask, name=name, daemon=True).start()
    return found
