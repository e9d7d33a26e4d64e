"""Signed HTTP requests to the app's request URL."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.sandbox.transports.base import ACK_SECONDS, Parcel, Reply

Json = dict[str, Any]


def signed_headers(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """Slack's v0 signature of `body` at `timestamp` (Unix seconds)."""
    base = b"v0:%d:%s" % (timestamp, body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


class HttpTransport:
    """POSTs to one URL: JSON for events, a form with `payload` for interactions, a plain form for commands."""

    retries = True

    def __init__(self, request_url: str, secret: str, wall_clock: Callable[[], float]):
        """`wall_clock` gives real Unix seconds: the app compares the signature's time with its own clock."""
        self._url = urlsplit(request_url)
        self._secret = secret
        self._wall_clock = wall_clock

    def send(self, parcel: Parcel) -> Reply:
        content_type, body = _encoded(parcel)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (sandbox)"}
        headers |= signed_headers(self._secret, body, int(self._wall_clock()))
        if parcel.retry_num:
            reason = parcel.retry_reason or "http_error"
            headers |= {"X-Slack-Retry-Num": str(parcel.retry_num), "X-Slack-Retry-Reason": reason}
        return self._post(headers, body)

    def _post(self, headers: dict[str, str], body: bytes) -> Reply:
        connection = HTTPConnection(self._url.hostname or "", self._url.port, timeout=ACK_SECONDS)
        try:
            connection.request("POST", self._url.path or "/", body, headers)
            response = connection.getresponse()
            retry = response.getheader("X-Slack-No-Retry") != "1"
            return _reply(response.status, response.getheader("Content-Type") or "", response.read(), retry)
        except TimeoutError:
            return Reply(error="http_timeout")
        except (OSError, HTTPException):
            return Reply(error="connection_failed")
        finally:
            connection.close()


def _encoded(parcel: Parcel) -> tuple[str, bytes]:
    if parcel.kind == "events_api":
        return "application/json", json.dumps(parcel.payload).encode()
    fields = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _reply(status: int, content_type: str, body: bytes, retry: bool) -> Reply:
    if status != 200:
        return Reply(error="http_error", retry=retry)
    if not body:
        return Reply()
    if content_type.startswith("application/json"):
        try:
            parsed = json.loads(body)
        except ValueError:
            return Reply(error="the app's answer is no JSON")
        return Reply(body=parsed if isinstance(parsed, dict) and parsed else None)
    return Reply(body={"text": body.decode("utf-8", "replace")})
