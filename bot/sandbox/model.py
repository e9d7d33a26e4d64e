"""What a workspace holds: people, conversations, messages, files; and what was recorded of the app."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

_PING = re.compile(r"<(![a-z]+|@[UW][A-Z0-9]+|!subteam\^[A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass
class User:
    """One account. `name` is the full name; `group` and `team` exist for the page's list of people only."""

    id: str
    name: str
    email: str | None = None
    tz: str = "UTC"
    title: str = ""
    team: str = ""
    group: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    updated: int = 0

    @property
    def handle(self) -> str:
        """The short name that Slack puts in `user.name`."""
        return re.sub(r"[^a-z0-9]+", ".", self.name.lower()).strip(".") or self.id.lower()


@dataclass
class UserGroup:
    """A user group, as `<!subteam^S…>` names it. Disabled groups keep their members."""

    id: str
    handle: str
    users: list[str]
    disabled: bool = False


@dataclass
class File:
    """An uploaded file. `channel` is None until it is shared; `deleted` keeps the record, not the content.

    `url` and `download_url` are `url_private` and `url_private_download`; `created` is in Unix seconds.
    """

    id: str
    name: str
    title: str
    content: bytes
    user: str
    channel: str | None = None
    shared_ts: str | None = None
    deleted: bool = False
    length: int = 0
    uploaded: bool = False
    url: str = ""
    download_url: str = ""
    created: int = 0


@dataclass
class Message:
    """One message of the log. `deleted` ones stay in the log and are shown to nobody.

    `thread_ts` is None outside threads, else the `ts` of the thread's first message, also in that message itself.
    """

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: bool = False
    files: list[File] = field(default_factory=list)
    thread_ts: str | None = None
    deleted: bool = False
    ephemeral_to: str | None = None
    attachments: list[Json] = field(default_factory=list)
    replies: list[Message] = field(default_factory=list)
    parent_user: str | None = None

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)

    @property
    def is_reply(self) -> bool:
        """Whether it stands below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def pings(self) -> list[str]:
        """Everyone whom the message would notify: "!channel", "!here", "!everyone", "@U01", user groups."""
        found = [match.group(1) for text in [self.text, *_mrkdwn(self.blocks)] for match in _PING.finditer(text)]
        return list(dict.fromkeys(found))


def _mrkdwn(node: Any) -> list[str]:
    """Every text below `node` in which Slack reads mrkdwn (or rich text's own ways to ping)."""
    if isinstance(node, list):
        return [text for each in node for text in _mrkdwn(each)]
    if not isinstance(node, dict):
        return []
    match node.get("type"):
        case "mrkdwn" | "markdown":
            return [str(node.get("text", ""))]
        case "broadcast":
            return [f"<!{node.get('range')}>"]
        case "user" if "user_id" in node:
            return [f"<@{node['user_id']}>"]
    return [text for value in node.values() for text in _mrkdwn(value)]


@dataclass
class Channel:
    """A public or private channel, or a DM between the bot and `im_user`."""

    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    im_user: str | None = None
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)

    @property
    def is_im(self) -> bool:
        return self.im_user is not None


@dataclass(frozen=True)
class Call:
    """One Web API call as it arrived. Tokens are never kept. `executed` is False when it changed nothing."""

    method: str
    args: Json
    ok: bool
    error: str | None
    at: datetime
    executed: bool
    fault: str | None = None


@dataclass(frozen=True)
class Ack:
    """One delivery to the app: what was sent, and how it was acknowledged.

    `kind` is events_api, interactive or slash_commands; `type` the event's or interaction's type; `seconds` from
    sending to the ack; `late` is more than 3 s; `response` the JSON that came with the ack; `error` None when acked.
    """

    kind: str
    type: str
    envelope_id: str
    seconds: float
    late: bool
    response: Json | None
    error: str | None
    retry_num: int = 0

    @property
    def ok(self) -> bool:
        return self.error is None and not self.late
