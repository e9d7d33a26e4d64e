"""Dispatches into a Bolt app in the caller's thread, as its Socket Mode adapter would."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence

from slack_bolt import App, BoltRequest, BoltResponse

from bot.sandbox.transports.base import Parcel, Reply


class InlineTransport:
    """No wire at all: for tests that need speed."""

    retries = False

    def __init__(self, app: App):
        self._app = app

    def send(self, parcel: Parcel) -> Reply:
        headers: dict[str, str | Sequence[str]] = {}
        if parcel.kind == "events_api":
            headers["x-slack-retry-num"] = str(parcel.retry_num)
        request = BoltRequest(mode="socket_mode", body=copy.deepcopy(parcel.payload), headers=headers)
        return _reply(self._app.dispatch(request))


def _reply(response: BoltResponse) -> Reply:
    if response.status != 200:
        return Reply(error=f"not acknowledged: the app answered {response.status}")
    if not response.body:
        return Reply()
    if response.first_headers().get("content-type", "").startswith("application/json"):
        body = json.loads(response.body)
        return Reply(body=body if isinstance(body, dict) else {"text": response.body})
    return Reply(body={"text": response.body})
