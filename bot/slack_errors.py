"""The client of the Web API, what its calls can raise, and the one word of that which may be logged."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.client import HTTPException
from typing import Any
from urllib.request import OpenerDirector, Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot import wire

BROKEN = (SlackClientError, OSError, HTTPException, ValueError)
"""All that a call can raise once its bytes may have left: the connection, the HTTP and JSON layers, the client."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,60}")


class Client(WebClient):
    """A Web API client that raises nothing but `BROKEN`, whatever stands in the place of Slack's answer.

    A call is over `timeout` seconds after it began, whatever it waits for, and follows no redirect: see `bot.wire`.
    """

    def api_call(self, *args: Any, **kwargs: Any) -> SlackResponse:
        """Call a method of the Web API."""
        try:
            return super().api_call(*args, **kwargs)
        except (AttributeError, LookupError, TypeError, RecursionError) as error:
            # Slack's own client takes it for granted that an answer is an object, not too deep, in a known charset.
            raise SlackRequestError(f"unreadable answer: {type(error).__name__}") from None

    @cached_property
    def _opener(self) -> OpenerDirector:
        return wire.opener(self.proxy, self.ssl)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """In the place of the SDK's own, which offers no other way to choose how an address is opened."""
        with self._opener.open(req, timeout=self.timeout) as answer:
            charset = answer.headers.get_content_charset() or "utf-8"
            return {"status": answer.status, "headers": answer.headers, "body": answer.read().decode(charset)}


def slack_code(response: Any) -> str | None:
    """Slack's error code in an answer; None for anything else that stands in its place, such as a page of HTML."""
    data = getattr(response, "data", response)
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def status_of(response: Any) -> int:
    """The HTTP status of an answer, whichever way Slack's client holds one that it could not read."""
    status = response.get("status") if isinstance(response, Mapping) else getattr(response, "status_code", None)
    return status if isinstance(status, int) else 200


def headers_of(response: Any) -> Mapping[str, str]:
    """The HTTP headers of an answer, as `status_of`."""
    headers = response.get("headers") if isinstance(response, Mapping) else getattr(response, "headers", None)
    return dict(headers.items()) if headers is not None else {}


def header_of(headers: Mapping[str, str], name: str) -> str | None:
    """The header of that name, which servers write in either case."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def time_of(headers: Mapping[str, str]) -> datetime | None:
    """What time it was for whoever answered, in UTC; None where the answer does not say."""
    said = header_of(headers, "Date")
    try:
        return parsedate_to_datetime(said).astimezone(UTC) if said else None
    except ValueError:
        return None


def error_code(error: BaseException) -> str:
    """Slack's error code, or the exception's name: never a piece of a body that stands in a code's place."""
    code = slack_code(error.response) if isinstance(error, SlackApiError) else None
    return code or type(error).__name__
