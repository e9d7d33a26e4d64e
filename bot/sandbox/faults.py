"""Faults on demand: what a network or Slack itself can do to one Web API call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
FaultKind = Literal[
    "ok", "drop_before", "drop_after", "reset_before", "reset_after", "hang_before", "hang_after", "half_body",
    "error_500_before", "error_500_after", "fatal_error_after", "internal_error_after", "html_200",
    "html_200_before", "ratelimited", "slow", "accept_late",
]  # fmt: skip

BEFORE = frozenset({"drop_before", "reset_before", "hang_before", "error_500_before", "html_200_before"})
"""Kinds after which the call has changed nothing; `ratelimited` too. All others execute it."""


@dataclass
class Fault:
    """One planned fault.

    `method` is a Web API method, "url_private" for downloads of files, or "*" for all of them.
    It strikes the next `times` calls for which `when(args)` is true.
    `*_before` strikes before the call is executed, `*_after` (and half_body, html_200) after: only the answer
    is lost. "ok" lets a call through, to reach a later one. "slow" waits `seconds`, then executes and answers:
    with a client that gives up sooner this is an accept that comes late. "accept_late" resets the connection at once
    and executes the call when the workspace's own clock has passed `seconds`. `retry_after`: seconds, for ratelimited.
    """

    method: str
    kind: FaultKind
    times: int = 1
    retry_after: int = 1
    seconds: float = 1.0
    when: Callable[[Json], bool] | None = None

    def strikes(self, method: str, args: Json) -> bool:
        """Whether this fault is for that call."""
        fits = self.times > 0 and self.method in (method, "*")
        return fits and (self.when is None or self.when(args))


class Faults:
    """The planned faults, used up in the order in which they were added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Plans a fault; `fault.times` counts down as it strikes."""
        with self._lock:
            self._planned.append(fault)
        return fault

    def clear(self) -> None:
        """Forgets all that is planned."""
        with self._lock:
            self._planned.clear()

    def take(self, method: str, args: Json) -> Fault | None:
        """The fault for this call, if any, with its count reduced."""
        with self._lock:
            for fault in self._planned:
                if fault.strikes(method, args):
                    fault.times -= 1
                    return fault
        return None
