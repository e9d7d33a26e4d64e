"""How a Web API method refuses, and how the acting person is stopped from what Slack's client would not do."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal of the Web API: becomes `{"ok": false, "error": ..., **more}` with status 200 (or `status`)."""

    def __init__(self, error: str, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any):
        super().__init__(f"{error} {more}" if more else error)
        self.error = error
        self.status = status
        self.headers = headers or {}
        self.more = more

    def body(self) -> dict[str, Any]:
        """The JSON answer as Slack gives it."""
        return {"ok": False, "error": self.error, **self.more}


class Misuse(Exception):
    """A test (or the page) asked for something that Slack's own client does not let a person do."""


def invalid_arguments(*messages: str) -> ApiError:
    """`invalid_arguments` with Slack's explanation of each argument."""
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {text}" for text in messages]})
