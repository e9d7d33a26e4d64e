"""One post to Slack, and what its outcome proves.

Three kinds of proof exist: Slack has the message, Slack surely does not have it, nobody can say. Whatever is not
listed here as proof is the third kind.
"""

import logging
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.delivery.messages import Message
from bot.slack_errors import BROKEN, slack_code
from storage.tables import Delivery

EVENT_TYPE = "candor_delivery"
DEFAULT_RETRY_AFTER = 30.0

# A missing scope is the installation's fault: to fail every row for it would cost everybody their week.
TOKEN_ERRORS = frozenset({"invalid_auth", "missing_scope", "not_authed", "token_revoked", "token_expired"})
# Slack says this of a dead token and of a deactivated person alike.
INACTIVE = "account_inactive"
LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
PASSING = frozenset({"accesslimited", "org_login_required", "team_added_to_org"})
FINAL_ERRORS = frozenset(
    {
        "access_denied", "cannot_dm_bot", "channel_not_found", "channel_type_not_supported", "ekm_access_denied",
        "enterprise_is_restricted", "invalid_arg_name", "invalid_arguments", "invalid_array_arg", "invalid_blocks",
        "invalid_blocks_format", "invalid_charset", "invalid_form_data", "invalid_metadata_format",
        "invalid_metadata_schema", "invalid_post_type", "is_archived", "is_inactive", "markdown_text_conflict",
        "messages_tab_disabled", "metadata_must_be_sent_from_app", "metadata_too_large", "method_deprecated",
        "missing_post_type", "msg_blocks_too_long", "msg_too_long", "no_permission", "no_text",
        "not_allowed_token_type", "not_in_channel", "restricted_action", "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel", "team_access_not_granted", "too_many_attachments",
        "two_factor_setup_required", "user_disabled", "user_not_found", "user_not_in_channel", "user_not_visible",
    }
)  # fmt: skip

_NEVER_LEFT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


@dataclass(frozen=True)
class Sent:
    """Slack has it."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Limited:
    """Slack surely does not have it: it asks everybody to wait for `seconds`."""

    reason: str
    seconds: float


@dataclass(frozen=True)
class Unreachable:
    """Slack surely does not have it, for a reason that is not the message's and passes."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """Slack surely does not have it and never will: `reason` is Slack's error code."""

    reason: str


@dataclass(frozen=True)
class NoToken:
    """Slack surely does not have it: the token is no good, for this message or any other."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Nobody can say whether Slack has it."""

    reason: str


NotSent = Limited | Unreachable | Refused | NoToken
Outcome = Sent | NotSent | Unknown


def sender(client: WebClient, timeout_s: int) -> WebClient:
    """A client like `client` that sends a request once, waits `timeout_s` and says nothing in the log.

    Slack's own handlers send again after a lost connection: the person would have the message twice.
    """
    silent = logging.getLogger("candor.delivery.client")
    silent.setLevel(logging.CRITICAL)
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=timeout_s,
        ssl=client.ssl,
        proxy=client.proxy,
        headers=dict(client.headers),
        logger=silent,
        retry_handlers=[],
    )


def post(client: WebClient, delivery: Delivery, message: Message) -> Outcome:
    """Send one message, once. Never raises for anything that Slack or the network does."""
    try:
        answer = client.chat_postMessage(
            channel=delivery.person_id,
            text=message.text,
            blocks=message.blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"id": delivery.id}},
            unfurl_links=False,
            unfurl_media=False,
        )
        channel, ts = answer.get("channel"), answer.get("ts")
    except BROKEN as error:
        outcome = outcome_of(error)
        return _whose_account(client) if outcome == NoToken(INACTIVE) else outcome
    if isinstance(channel, str) and isinstance(ts, str):
        return Sent(channel, ts)
    return Unknown("incomplete answer")


def _whose_account(client: WebClient) -> Outcome:
    """The token works for another call: then it is the person whose account is inactive."""
    try:
        client.auth_test()
    except BROKEN as error:
        outcome = outcome_of(error)
        return outcome if isinstance(outcome, NoToken) else Unreachable(INACTIVE)
    return Refused(INACTIVE)


def outcome_of(error: BaseException) -> NotSent | Unknown:
    """What an exception raised by a Web API call proves about that call."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, URLError) and isinstance(error.reason, _NEVER_LEFT):
        return Unreachable("unreachable")
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return Unknown("timeout")
    return Unknown("connection broken" if isinstance(error, OSError) else "unreadable answer")


def _answered(error: SlackApiError) -> NotSent | Unknown:
    status = getattr(error.response, "status_code", 200)
    code = slack_code(error.response)
    if status == 429 or code in LIMITED:
        return Limited("ratelimited", _retry_after(getattr(error.response, "headers", {})))
    if status >= 500:
        return Unknown(f"HTTP {status}")
    if code is None:
        return Unknown("unreadable answer")
    if code in TOKEN_ERRORS or code == INACTIVE:
        return NoToken(code)
    if code in PASSING:
        return Unreachable(code)
    return Refused(code) if code in FINAL_ERRORS else Unknown(code)


def _retry_after(headers: Mapping[str, str]) -> float:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if value.isdecimal() else DEFAULT_RETRY_AFTER
