"""Sends payloads to the app by the transport in use, and records how each was acknowledged."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.model import Ack
from bot.sandbox.payloads import event_callback
from bot.sandbox.transports.base import ACK_SECONDS, Parcel, PayloadKind, Reply, Transport
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]

LAST_WORDS = frozenset({"app_uninstalled", "tokens_revoked"})
_CHANNEL_EVENTS = {"im": "message.im", "channel": "message.channels", "group": "message.groups"}
RETRY_AFTER_SECONDS = {2: 60, 3: 300}


@dataclass(frozen=True)
class DueRetry:
    """An event that Slack would send again: the second retry after 1 minute, the third after 5."""

    payload: Json
    retry_num: int
    seconds: int
    reason: str


class Courier:
    """Where everything that the workspace sends to the app passes."""

    def __init__(self, workspace: Workspace, transport: Transport, monotonic: Callable[[], float]):
        self._workspace = workspace
        self._monotonic = monotonic
        self.transport = transport
        self.last: dict[PayloadKind, Json] = {}
        self.due: list[DueRetry] = []

    def event(self, event: Json) -> Ack | None:
        """Sends an event if the manifest subscribes to it; None when it does not."""
        workspace = self._workspace
        name = event["type"]
        if name == "message":
            name = _CHANNEL_EVENTS[event["channel_type"]]
        if name not in workspace.manifest.events:
            return None
        if workspace.refusal and name not in LAST_WORDS:
            return None
        return self.send("events_api", event_callback(workspace, event))

    def send(self, kind: PayloadKind, payload: Json) -> Ack:
        """Sends one payload and waits for its ack; a failed event is sent once more at once, as Slack does."""
        self.last[kind] = copy.deepcopy(payload)
        ack, reply = self._attempt(kind, payload, 0, None)
        if kind != "events_api" or ack.ok or not self.transport.retries or not reply.retry:
            return ack
        again, reply = self._attempt(kind, payload, 1, ack.error)
        self._plan(payload, 2, again, reply)
        return again

    def run_retries(self) -> list[Ack]:
        """Sends what Slack would send again after 1 and 5 minutes, without waiting for them."""
        due, self.due = self.due, []
        acks = []
        for each in due:
            ack, reply = self._attempt("events_api", each.payload, each.retry_num, each.reason)
            self._plan(each.payload, each.retry_num + 1, ack, reply)
            acks.append(ack)
        return acks

    def _plan(self, payload: Json, retry_num: int, ack: Ack, reply: Reply) -> None:
        if not ack.ok and reply.retry and retry_num in RETRY_AFTER_SECONDS:
            self.due.append(DueRetry(payload, retry_num, RETRY_AFTER_SECONDS[retry_num], ack.error or "http_timeout"))

    def _attempt(self, kind: PayloadKind, payload: Json, retry_num: int, reason: str | None) -> tuple[Ack, Reply]:
        parcel = Parcel(kind, payload, str(uuid.uuid4()), retry_num, reason)
        started = self._monotonic()
        reply = self.transport.send(parcel)
        seconds = self._monotonic() - started
        kind_name = payload.get("event", payload).get("type") or payload.get("command", "")
        late = seconds > ACK_SECONDS
        ack = Ack(kind, kind_name, parcel.envelope_id, seconds, late, reply.body, reply.error, retry_num)
        with self._workspace.lock:
            self._workspace.acks.append(ack)
            self._workspace.changed()
        return ack, reply
