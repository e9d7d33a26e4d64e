"""What a Web API call can raise, and the one word of it that may be logged."""

import re
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

BROKEN = (SlackClientError, OSError, HTTPException, ValueError)
"""All that a call can raise once its bytes may have left: the connection, the HTTP and JSON layers, the client."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,60}")


def error_code(error: BaseException) -> str:
    """Slack's error code, or the exception's name: never a piece of a body that stands in a code's place."""
    if isinstance(error, SlackApiError):
        data = getattr(error.response, "data", error.response)
        code = data.get("error") if isinstance(data, dict) else None
        if isinstance(code, str) and _CODE.fullmatch(code):
            return code
    return type(error).__name__
