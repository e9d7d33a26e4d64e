"""Which of the bot's messages is which, for a story that waits for them."""

from typing import Any

from bot.sandbox.model import Message


def is_notice(message: Message) -> bool:
    """Whether a message tells of a new version of the policy."""
    return "policy.seen" in str(message.blocks)


def is_pulse(message: Message) -> bool:
    """Whether a message asks for answers to a pulse."""
    return "ballot.open" in str(message.blocks)


def is_result(message: Message) -> bool:
    """Whether a message shows what came of a pulse."""
    return "pulse.results" in str(message.blocks)


def is_summary(message: Message) -> bool:
    """Whether a message says that a team's summary is there."""
    return "summary.open" in str(message.blocks)


def is_opened_summary(message: Message) -> bool:
    """Whether a message shows a team's summary."""
    return "summary.csv" in str(message.blocks)


def is_digest(message: Message) -> bool:
    """Whether a message is somebody's week."""
    others = (is_notice, is_pulse, is_result, is_summary, is_opened_summary)
    return bool(message.metadata) and not any(each(message) for each in others)


def in_view(view: dict[str, Any], action: str) -> bool:
    """Whether a view has the button with this action id."""
    return f"'{action}'" in str(view["blocks"])
