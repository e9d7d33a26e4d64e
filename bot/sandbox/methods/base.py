"""What a Web API method is to the server, and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What a method may use: the state, and a maker of WebSocket addresses."""

    workspace: Workspace
    socket_url: Callable[[], str]


@dataclass(frozen=True)
class Method:
    """`run` changes the state and returns the answer without `ok`. `scopes`: all are needed. `tier`: 1 to 4,
    0 for the special rule of chat.postMessage. `auth`: whose token."""

    run: Callable[[Context, Args], Json]
    scopes: tuple[str, ...] = ()
    tier: int = 3
    auth: Literal["bot", "app"] = "bot"


def require_scope(workspace: Workspace, *needed: str) -> None:
    """Refuses as Slack does when the manifest does not grant a scope."""
    granted = workspace.scopes
    for scope in needed:
        if scope not in granted:
            raise ApiError("missing_scope", needed=scope, provided=",".join(granted))
