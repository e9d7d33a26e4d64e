"""What a Web API call can raise, and the one word of it that may be logged."""

import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError

BROKEN = (SlackClientError, OSError, HTTPException, ValueError)
"""All that a call can raise once its bytes may have left: the connection, the HTTP and JSON layers, the client."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,60}")


# Slack had trouble while it worked on the call: it may have done it.
_UNSURE = {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}


def surely_refused(error: BaseException) -> bool:
    """Whether Slack's answer proves that the call was not carried out."""
    if not isinstance(error, SlackApiError) or getattr(error.response, "status_code", 200) >= 500:
        return False
    code = error_code(error)
    return code != type(error).__name__ and code not in _UNSURE


def slack_code(response: Any) -> str | None:
    """Slack's error code in an answer; None for anything else that stands in its place, such as a page of HTML."""
    data = getattr(response, "data", response)
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def error_code(error: BaseException) -> str:
    """Slack's error code, or the exception's name: never a piece of a body that stands in a code's place."""
    code = slack_code(error.response) if isinstance(error, SlackApiError) else None
    return code or type(error).__name__
