"""A question as it came from Slack, made plain: without markup, and without anybody's name or id."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_GROUP = re.compile(r"<!(?:subteam\^)?([\w^]+)(?:\|[^<>]*)?>")
_LINK = re.compile(r"<([^<>|@!#][^<>|]*)(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#[CG][A-Z0-9]+(?:\|([^<>]*))?>")
_HANDLE = re.compile(r"(?<![\w.@])@\w[\w.-]*")
SOMEBODY = "my colleague"
# Every word that is a command and no question.
COMMANDS = ("checkin", "pulse", "held", "settings", "policy", "export", "pause", "resume", "stop", "erase", "help")


def unescaped(text: str) -> str:
    """A message's text as its author typed it: Slack escapes three characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def from_message(text: str, asker: str) -> str:
    """The question in a message of the Events API."""
    text = _MENTION.sub(lambda found: "me" if found[1] == asker else SOMEBODY, text)
    text = _GROUP.sub("everybody", text)
    text = _CHANNEL.sub(lambda found: found[1] or "a channel", text)
    return from_field(unescaped(_LINK.sub(lambda found: found[2] or found[1], text)))


def from_field(text: str) -> str:
    """The question in a field of a form."""
    return _HANDLE.sub(SOMEBODY, text).strip()


def from_command(text: str) -> str:
    """The question after `/candor`; `ask` before it is not part of it."""
    return from_field(re.sub(r"^\s*ask\b[\s:,]*", "", text, flags=re.IGNORECASE))


def nearly(word: str, words: Iterable[str]) -> str | None:
    """The command that was probably meant; None for a sentence, or where nothing is near."""
    if len(word.split()) > 2:
        return None
    return next(iter(get_close_matches(word, list(words), 1, 0.75)), None)
