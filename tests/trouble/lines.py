"""What the log may hold when things go wrong: one line a trouble, and never what a message says, or of whom."""

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog

Line = MutableMapping[str, Any]
LOUD = ("warning", "error", "critical")
FIGURE = 471147
NAME = "Canary Quill"
ADDRESS = "canary@haldenlabs.example"
NOTE = "canary-note"
CANARIES = (str(FIGURE), f"{FIGURE:,}", NAME, ADDRESS, NOTE, "canary-text")


@contextmanager
def logged() -> Iterator[list[Line]]:
    """The lines that are logged in the block; at its end they are looked through for what must not be there."""
    with structlog.testing.capture_logs() as lines:
        yield lines
    found = [line for line in lines if any(canary.lower() in str(line).lower() for canary in CANARIES)]
    assert not found, found


def loud(lines: Sequence[Line]) -> list[str]:
    """What is said at WARNING and above, in order."""
    return [line["event"] for line in lines if line["log_level"] in LOUD]


def ended(lines: Sequence[Line]) -> int:
    """How many troubles are said to be over."""
    return sum(line["event"] == "over again" for line in lines)
