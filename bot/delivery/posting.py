"""One post to Slack, and what its outcome proves.

Three kinds of proof exist: Slack has the message, Slack surely does not have it, nobody can say. Whatever is not
listed here as proof is the third kind.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.delivery.messages import Message
from bot.slack_errors import BROKEN, Client, header_of, headers_of, slack_code, status_of
from bot.wire import Unsent
from storage.tables import Delivery

EVENT_TYPE = "candor_delivery"
DEFAULT_RETRY_AFTER = 30.0
# What asks for more is no answer of Slack's, and would hold a message back for ever.
LONGEST_RETRY_AFTER = 3600.0

# The installation's fault, whoever the message is for: to fail every row for it would cost everybody their week.
INSTALLATION_ERRORS = frozenset(
    {
        "access_denied", "ekm_access_denied", "enterprise_is_restricted", "invalid_auth", "messages_tab_disabled",
        "method_deprecated", "missing_scope", "no_permission", "not_allowed_token_type", "not_authed",
        "team_access_not_granted", "token_expired", "token_revoked", "two_factor_setup_required",
    }
)  # fmt: skip
# Slack says this of a dead token and of a deactivated person alike.
INACTIVE = "account_inactive"
LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
PASSING = frozenset({"accesslimited", "org_login_required", "team_added_to_org"})
# What Slack says of one person or their channel; the next message may well arrive.
PERSONAL_ERRORS = frozenset(
    {
        INACTIVE, "cannot_dm_bot", "channel_not_found", "is_archived", "is_inactive", "not_in_channel",
        "user_disabled", "user_not_found", "user_not_in_channel", "user_not_visible",
    }
)  # fmt: skip
FINAL_ERRORS = (PERSONAL_ERRORS - {INACTIVE}) | frozenset(
    {
        "channel_type_not_supported", "invalid_arg_name", "invalid_arguments", "invalid_array_arg", "invalid_blocks",
        "invalid_blocks_format", "invalid_charset", "invalid_form_data", "invalid_metadata_format",
        "invalid_metadata_schema", "invalid_post_type", "markdown_text_conflict", "metadata_must_be_sent_from_app",
        "metadata_too_large", "missing_post_type", "msg_blocks_too_long", "msg_too_long", "no_text",
        "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
        "too_many_attachments",
    }
)  # fmt: skip


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
class Uninstalled:
    """Slack surely does not have it: the installation is no good, for this message or any other."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Nobody can say whether Slack has it."""

    reason: str


NotSent = Limited | Unreachable | Refused | Uninstalled
Outcome = Sent | NotSent | Unknown


def sender(client: WebClient, timeout_s: int) -> WebClient:
    """A client like `client` that sends a request once, has `timeout_s` for it in all, and says nothing in the log.

    Slack's own handlers send again after a lost connection: the person would have the message twice.
    """
    silent = logging.getLogger("candor.delivery.client")
    silent.setLevel(logging.CRITICAL)
    return Client(
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
        return _whose_account(client) if outcome == Uninstalled(INACTIVE) else outcome
    if isinstance(channel, str) and isinstance(ts, str):
        return Sent(channel, ts)
    return Unknown("incomplete answer")


def _whose_account(client: WebClient) -> Outcome:
    """The token works for another call: then it is the person whose account is inactive."""
    try:
        client.auth_test()
    except BROKEN as error:
        outcome = outcome_of(error)
        return outcome if isinstance(outcome, Uninstalled) else Unreachable(INACTIVE)
    return Refused(INACTIVE)


def outcome_of(error: BaseException) -> NotSent | Unknown:
    """What an exception raised by a Web API call proves about that call."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, URLError) and isinstance(error.reason, Unsent):
        return Unreachable("unreachable")
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return Unknown("timeout")
    return Unknown("connection broken" if isinstance(error, OSError) else "unreadable answer")


def _answered(error: SlackApiError) -> NotSent | Unknown:
    status, code = status_of(error.response), slack_code(error.response)
    if 300 <= status < 400:
        # Whoever redirects may have passed the call on before, whatever the body says.
        return Unknown(f"HTTP {status}")
    if status == 429 or code in LIMITED:
        return Limited("ratelimited", _retry_after(headers_of(error.response)))
    if status >= 500:
        return Unknown(f"HTTP {status}")
    if code is None:
        return Unknown("unreadable answer")
    if code in INSTALLATION_ERRORS or code == INACTIVE:
        return Uninstalled(code)
    if code in PASSING:
        return Unreachable(code)
    return Refused(code) if code in FINAL_ERRORS else Unknown(code)


def _retry_after(headers: Mapping[str, str]) -> float:
    value = header_of(headers, "Retry-After") or ""
    return min(float(value), LONGEST_RETRY_AFTER) if value.isdecimal() else DEFAULT_RETRY_AFTER
