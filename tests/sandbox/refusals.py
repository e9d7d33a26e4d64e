"""How a message, a view or a call is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.errors import ApiError
from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view

Json = dict[str, Any]


def refusal(*blocks: Json, text: str = "t") -> str:
    """What a message of these blocks is refused with; "" when it is not."""
    try:
        check_message(text=text, blocks=list(blocks), attachments=[], metadata=None)
    except ApiError as refused:
        return json.dumps(refused.body())
    return ""


def view_refusal(view: Any, expected: Any = "modal") -> str:
    try:
        check_view(view, expected=expected)
    except ApiError as refused:
        return json.dumps(refused.body())
    return ""


def error_of(call: Callable[[], Any]) -> str:
    """The error's name of a call that must fail."""
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])
