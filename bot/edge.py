"""Slack's dictionaries, parsed once, at the edge.

Every button's `value` and every modal's `private_metadata` is "<owner>|<subject>": whose it is, and what it is
about. Both are ids, never figures. A value of somebody else is refused before anything is read.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk import WebClient

from bot.errors import NotYours

# Publishes a person's Home tab anew; what is in it is the composition root's to know.
ShowHome = Callable[[str], None]
# Brings the digest of (person, week) up to date, if it was sent.
RefreshDigest = Callable[[str, date], None]


def ref(owner: str, subject: str = "") -> str:
    """What a button carries: whose it is and what it is about."""
    return f"{owner}|{subject}"


# In a post that everybody sees, a button opens each reader's own form.
ANYONE = "anyone"


def owned(value: str | None, actor: str) -> str:
    """The subject of a button or modal of `actor`'s own; raises `NotYours` for anybody else's."""
    owner, _, subject = (value or "").partition("|")
    if owner not in (actor, ANYONE):
        raise NotYours
    return subject


class _Edge(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Press(_Edge):
    """A pressed button or a changed element: who, what about, and where it stood."""

    user: str
    subject: str
    trigger_id: str | None = None
    view_id: str | None = None
    view_type: str | None = None
    chosen: str | None = None

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Press":
        action, view = body["actions"][0], body.get("view") or {}
        user = body["user"]["id"]
        carried = action.get("value") or view.get("private_metadata")
        return cls(
            user=user,
            subject=owned(carried, user),
            trigger_id=body.get("trigger_id"),
            view_id=view.get("id"),
            view_type=view.get("type"),
            chosen=(action.get("selected_option") or {}).get("value"),
        )


class Typed(_Edge):
    """Text typed into a field of a view: who, and what. The view says whose it is; a field carries nothing."""

    user: str
    text: str
    trigger_id: str | None = None

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Typed":
        user = body["user"]["id"]
        owned((body.get("view") or {}).get("private_metadata"), user)
        return cls(user=user, text=body["actions"][0].get("value") or "", trigger_id=body.get("trigger_id"))


class Shown(_Edge):
    """The message or the modal in which a button was pressed, as it stands there: one of `view` and `ts` is None."""

    blocks: list[dict[str, Any]]
    text: str = ""
    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    view: dict[str, Any] | None = None

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Shown":
        if view := body.get("view"):
            return cls(blocks=view["blocks"], view=view)
        message, channel = body["message"], body["channel"]["id"]
        return cls(
            blocks=message["blocks"],
            text=message.get("text") or "",
            channel=channel,
            ts=message["ts"],
            thread_ts=message.get("thread_ts"),
        )


def on_top(client: WebClient, press: Press, view: dict[str, Any]) -> None:
    """Open a modal where the button was pressed: over the modal it stood in, if it did."""
    show = client.views_push if press.view_type == "modal" else client.views_open
    show(trigger_id=press.trigger_id or "", view=view)


class Submission(_Edge):
    """A submitted modal: who, what about, and each input's value by its block id."""

    user: str
    subject: str
    view_id: str
    values: dict[str, Any]

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "Submission":
        view, user = body["view"], body["user"]["id"]
        values = {
            block_id: _value(element)
            for block_id, elements in view["state"]["values"].items()
            for element in elements.values()
        }
        return cls(user=user, subject=owned(view["private_metadata"], user), view_id=view["id"], values=values)

    def chosen(self, block_id: str) -> str:
        """The one chosen option of a required input."""
        return str(self.values[block_id])

    def ticked(self, block_id: str) -> list[str]:
        """The ticked options, none when the input is absent."""
        return list(self.values.get(block_id) or [])

    def typed(self, block_id: str) -> str | None:
        """The text as typed; None when there is none."""
        return (self.values.get(block_id) or "").strip() or None


def _value(element: dict[str, Any]) -> Any:
    if "selected_options" in element:
        return [chosen["value"] for chosen in element["selected_options"] or []]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    for key in ("value", "selected_conversation", "selected_channel"):
        if key in element:
            return element[key]
    return None


# Whoever wants to leave should not have to find the right word for it.
_SAME = dict.fromkeys(("opt out", "opt-out", "optout", "leave", "quit", "unsubscribe", "stop please"), "stop")


def bare_word(text: str) -> str:
    """What was typed, in lower case and without the quotes, marks and stops that people put around a word."""
    word = text.strip(" \t\n`*_\"'“”‘’„.!?").lower()
    return _SAME.get(word, word)


class Command(_Edge):
    """A slash command: `text` is what was typed after it, `word` the same as a command."""

    user_id: str
    trigger_id: str
    text: str = ""

    @property
    def word(self) -> str:
        return bare_word(self.text)


class DirectMessage(_Edge):
    """A message typed to the bot."""

    user: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    channel: str
    channel_type: str = ""
    text: str = ""
    ts: str
    thread_ts: str | None = None

    @property
    def from_person(self) -> bool:
        return self.channel_type == "im" and self.user is not None and not self.bot_id and self.subtype is None

    @property
    def word(self) -> str:
        return bare_word(self.text)
