"""One Web API call from bytes to bytes: arguments, token, scopes, rate, faults, execution, recording."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPMessage
from typing import Any, Literal
from urllib.parse import parse_qsl

from bot.sandbox.args import Args
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import BEFORE, Fault, Faults
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.base import Context, Method, require_scope
from bot.sandbox.model import Call
from bot.sandbox.rates import RateLimits, limited

Json = dict[str, Any]
Breakage = Literal["drop", "reset", "hang", "half_body"]


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire, and how the wire breaks, if it does."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    broken: Breakage | None = None


@dataclass(frozen=True)
class Tokens:
    """The secrets of one sandbox."""

    bot: str
    app: str
    signing_secret: str


@dataclass(frozen=True)
class Late:
    """A call whose client has gone, to be executed when `due` has come; `call` is its record."""

    due: datetime
    token: str
    call: Call


class WebApi:
    """The methods behind /api/. Calls are executed one at a time, under the workspace's lock."""

    def __init__(self, context: Context, tokens: Tokens, faults: Faults, rates: RateLimits | None):
        self._context = context
        self._tokens = tokens
        self._faults = faults
        self._rates = rates
        self._late: list[Late] = []
        self.stopping = threading.Event()

    def call(self, name: str, headers: HTTPMessage, body: bytes) -> Answer:
        """Executes one call, unless a planned fault comes first, and records it."""
        try:
            raw = _parsed(headers.get("Content-Type") or "", body)
        except ApiError as malformed:
            return self._finish(name, {}, malformed, executed=False, fault=None)
        token = _token(headers, raw)
        raw = {key: _readable(key, value) for key, value in raw.items()}
        fault = self._faults.take(name, raw)
        if fault and fault.kind == "slow":
            self.stopping.wait(fault.seconds)
        if fault and fault.kind == "accept_late":
            return self._put_off(name, token, raw, fault)
        if fault and (fault.kind in BEFORE or fault.kind == "ratelimited"):
            outcome: Json | ApiError = limited(fault.retry_after)
            if fault.kind in BEFORE:
                outcome = ApiError(fault.kind)
            return self._finish(name, raw, outcome, executed=False, fault=fault)
        with self._context.workspace.lock:
            self.accept_late()
            outcome = self._execute(name, token, raw)
        return self._finish(name, raw, outcome, executed=not isinstance(outcome, ApiError), fault=fault)

    def accept_late(self) -> None:
        """Executes the calls that were put off and whose time has come, each at its own time."""
        workspace = self._context.workspace
        with workspace.lock:
            now = workspace.clock()
            self._late.sort(key=lambda late: late.due)
            while self._late and self._late[0].due <= now:
                self._accept(self._late.pop(0))

    def _accept(self, late: Late) -> None:
        workspace = self._context.workspace
        clock, workspace.clock = workspace.clock, lambda: late.due
        try:
            outcome = self._execute(late.call.method, late.token, late.call.args)
        finally:
            workspace.clock = clock
        error = outcome.error if isinstance(outcome, ApiError) else None
        done = replace(late.call, ok=error is None, error=error, executed=error is None)
        workspace.calls[:] = [done if call is late.call else call for call in workspace.calls]
        workspace.changed()

    def _put_off(self, name: str, token: str, raw: Json, fault: Fault) -> Answer:
        workspace = self._context.workspace
        with workspace.lock:
            answer = self._finish(name, raw, ApiError(fault.kind), executed=False, fault=fault)
            due = workspace.clock() + timedelta(seconds=fault.seconds)
            self._late.append(Late(due, token, workspace.calls[-1]))
        return answer

    def _execute(self, name: str, token: str, raw: Json) -> Json | ApiError:
        try:
            method = METHODS.get(name)
            if method is None:
                raise ApiError("unknown_method", req_method=name)
            self._authorise(method, token)
            if self._rates:
                self._rates.check(name, method.tier, str(raw.get("channel")))
            with self._context.workspace.lock:
                return method.run(self._context, Args(raw))
        except ApiError as error:
            return error

    def _authorise(self, method: Method, token: str) -> None:
        """Refuses as Slack does: no token, a wrong one, one of the wrong kind, an uninstalled app, no scope."""
        if not token:
            raise ApiError("not_authed")
        if token not in (self._tokens.bot, self._tokens.app):
            raise ApiError("invalid_auth")
        if token != (self._tokens.bot if method.auth == "bot" else self._tokens.app):
            raise ApiError("not_allowed_token_type")
        if self._context.workspace.refusal:
            raise ApiError(self._context.workspace.refusal)
        require_scope(self._context.workspace, *method.scopes)

    def _finish(self, name: str, raw: Json, outcome: Json | ApiError, *, executed: bool, fault: Fault | None) -> Answer:
        workspace = self._context.workspace
        error = outcome.error if isinstance(outcome, ApiError) else None
        kind = fault.kind if fault and fault.kind != "ok" else None
        with workspace.lock:
            workspace.calls.append(Call(name, raw, error is None, error, workspace.clock(), executed, kind))
            workspace.changed()
            answer = _answer(outcome, self._headers(name))
        return struck(answer, kind) if kind else answer

    def _headers(self, name: str) -> dict[str, str]:
        """What Slack says beside every answer: the time, and the scopes that the token has."""
        workspace = self._context.workspace
        method = METHODS.get(name)
        granted = ("connections:write",) if method and method.auth == "app" else workspace.scopes
        date = format_datetime(workspace.clock().astimezone(UTC), usegmt=True)
        return {"Date": date, "X-OAuth-Scopes": ",".join(granted)}


def _answer(outcome: Json | ApiError, headers: Mapping[str, str]) -> Answer:
    if isinstance(outcome, ApiError):
        return Answer(outcome.status, json.dumps(outcome.body()).encode(), headers={**headers, **outcome.headers})
    return Answer(body=json.dumps({"ok": True, **outcome}).encode(), headers=headers)


_HTML = b"<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"


def struck(answer: Answer, kind: str) -> Answer:
    """What a fault of that kind leaves of the answer."""
    match kind:
        case "drop_before" | "drop_after":
            return Answer(broken="drop")
        case "reset_before" | "reset_after" | "accept_late":
            return Answer(broken="reset")
        case "hang_before" | "hang_after":
            return Answer(broken="hang")
        case "half_body":
            return Answer(answer.status, answer.body, headers=answer.headers, broken="half_body")
        case "error_500_before" | "error_500_after":
            return Answer(500, b"Internal Server Error", "text/plain")
        case "fatal_error_after" | "internal_error_after":
            return _answer(ApiError(kind.removesuffix("_after")), answer.headers)
        case "html_200" | "html_200_before":
            return Answer(200, _HTML, "text/html; charset=utf-8")
    return answer


def _parsed(content_type: str, body: bytes) -> Json:
    """The arguments; `token` still among them."""
    try:
        if content_type.startswith("application/json"):
            parsed = json.loads(body or b"{}")
            if not isinstance(parsed, dict):
                raise ApiError("json_not_object")
            return parsed
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body)))
    except UnicodeDecodeError:
        raise ApiError("invalid_charset") from None
    except ValueError:
        raise ApiError("invalid_json" if "json" in content_type else "invalid_form_data") from None


def _token(headers: HTTPMessage, raw: Json) -> str:
    sent = str(raw.pop("token", "") or "")
    scheme, _, bearer = (headers.get("Authorization") or "").partition(" ")
    return bearer if scheme == "Bearer" else sent


_STRUCTURED = frozenset({"blocks", "attachments", "metadata", "view", "files"})


def _readable(name: str, value: Any) -> Any:
    """JSON that came as a form's text, as the value it stands for."""
    if name in _STRUCTURED and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
