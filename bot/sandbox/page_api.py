"""The page's own endpoints: who one can be, what they see, and what they do."""

from __future__ import annotations

import base64
import binascii
import json
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs

from bot.sandbox.actor import Actor
from bot.sandbox.downloads import content_of
from bot.sandbox.errors import ApiError, Misuse
from bot.sandbox.page_state import people, state
from bot.sandbox.web_api import Answer
from bot.sandbox.workspace import Workspace
from bot.sandbox.writing import Result

Json = dict[str, Any]

STATIC = Path(__file__).parent / "page"
KEEP_ALIVE_SECONDS = 15.0


class PageApi:
    """Answers below /page/ and at /."""

    def __init__(self, workspace: Workspace, user: Callable[[str], Actor], on_clock: Callable[[str, str], None] | None):
        self._workspace = workspace
        self._user = user
        self._on_clock = on_clock

    def get(self, path: str, query: str) -> Answer:
        """A JSON document or a static file."""
        if path == "/page/people":
            return _json(people(self._workspace))
        if path == "/page/state":
            user_id = parse_qs(query).get("user", [""])[0]
            if user_id not in self._workspace.users:
                return _failure("unknown user", 404)
            with self._workspace.lock:
                return _json(state(self._workspace, user_id, movable=self._on_clock is not None))
        if match := re.fullmatch(r"/page/files/(F\w+)", path):
            return self._file(match.group(1))
        name = "index.html" if path == "/" else path.removeprefix("/page/")
        file = STATIC / name
        if not re.fullmatch(r"[\w-][\w.-]*", name) or not file.is_file():
            return Answer(404, b"not found", "text/plain")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Answer(200, file.read_bytes(), f"{kind}; charset=utf-8", {"Cache-Control": "no-store"})

    def _file(self, file_id: str) -> Answer:
        """A file for a person at the page: their being there stands for the session that Slack's own client has."""
        file = self._workspace.files.get(file_id)
        if file is None or file.deleted or not file.uploaded:
            return Answer(404, b"not found", "text/plain")
        return content_of(file, attached=True)

    def post(self, path: str, content_type: str, body: bytes) -> Answer:
        """An act, or a move of the clock. Other sites cannot send JSON here without asking the browser first."""
        if not content_type.startswith("application/json"):
            return _failure("application/json is needed", 415)
        try:
            request = json.loads(body)
            user = self._user(request["user"])
            if path == "/page/clock":
                return self._move_clock(request)
            if path == "/page/act":
                return _outcome(self._act(user, request))
        except (ValueError, KeyError, TypeError) as wrong:
            return _failure(f"malformed request: {type(wrong).__name__} {wrong}", 400)
        except (Misuse, ApiError) as refused:
            return _failure(str(refused))
        return _failure("not found", 404)

    def stream(self, send: Callable[[bytes], None], stopping: Event) -> None:
        """Server-Sent Events: the version, whenever it changes."""
        version, quiet = -1, 0.0
        while not stopping.is_set():
            latest = self._workspace.wait_for_change(version, 0.5)
            quiet += 0.5
            if latest != version:
                send(f'data: {{"version": {latest}}}\n\n'.encode())
            elif quiet > KEEP_ALIVE_SECONDS:
                send(b": still here\n\n")
            else:
                continue
            version, quiet = latest, 0.0

    def _move_clock(self, request: Json) -> Answer:
        if self._on_clock is None:
            return _failure("this clock cannot be moved", 404)
        if request["to"] not in ("next-monday-09", "plus-hour"):
            return _failure("unknown destination", 400)
        self._on_clock(request["to"], request["user"])
        self._workspace.changed()
        return _json({"ok": True, "clock": self._workspace.clock().isoformat()})

    def _act(self, user: Actor, request: Json) -> Result:
        match request["type"]:
            case "open_home":
                return user.open_home()
            case "message":
                return self._say(user, request)
            case "command":
                return user.command(request["command"], request.get("text", ""), request.get("channel"))
            case "action":
                return self._press(user, request)
            case "submit":
                return user.fill_and_submit(self._modal(request), _flat(request["values"]))
            case "close":
                return user.close_modal(self._modal(request))
            case "upload":
                return self._upload(user, request)
        raise Misuse(f"unknown act {request['type']!r}")

    def _say(self, user: Actor, request: Json) -> Result:
        """What is written is sent, whatever the app makes of it: a person never hears of the app's ack."""
        user.say(request["text"], request["channel"], thread_ts=request.get("thread_ts"))
        return Result(ok=True)

    def _upload(self, user: Actor, request: Json) -> Result:
        content, text = _bytes(request["content_base64"]), request.get("text", "")
        user.upload(request["name"], content, text, request["channel"], thread_ts=request.get("thread_ts"))
        return Result(ok=True)

    def _press(self, user: Actor, request: Json) -> Result:
        where, selected = request["container"], request.get("selected", request.get("value"))
        action_id, block_id = request["action_id"], request["block_id"]
        if where["kind"] == "message":
            message = self._workspace.message(where["channel"], where["ts"])
            return user.press(action_id, block_id, message=message, selected=selected)
        return user.press(action_id, block_id, view=self._shown(request["user"], where["view_id"]), selected=selected)

    def _modal(self, request: Json) -> Json:
        return self._shown(request["user"], request["view_id"])

    def _shown(self, user_id: str, view_id: str) -> Json:
        """The view, if it is on that person's own screen."""
        with self._workspace.lock:
            if self._workspace.views.owner_of(view_id) != user_id:
                raise Misuse("that view is on somebody else's screen")
            return self._workspace.views.find(view_id)


def _flat(values: Json) -> dict[tuple[str, str], Any]:
    """`{block_id: {action_id: value}}` as one mapping."""
    return {(block, action): value for block, actions in values.items() for action, value in actions.items()}


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as wrong:
        raise ValueError("content_base64 is not base64") from wrong


def _outcome(result: Result) -> Answer:
    if result.errors:
        return _json({"ok": True, "errors": result.errors})
    return _json({"ok": True} if result.ok else {"ok": False, "error": result.error})


def _json(value: Any) -> Answer:
    return Answer(body=json.dumps(value).encode(), headers={"Cache-Control": "no-store"})


def _failure(error: str, status: int = 200) -> Answer:
    return Answer(status, json.dumps({"ok": False, "error": error}).encode())
