"""Files that the bot sends a person, each remembered before Slack has it, so that opting out can delete it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.request import Request

from slack_sdk import WebClient

from bot import wire
from bot.errors import NotOptedIn
from bot.slack_errors import BROKEN
from storage import consents, deletions
from storage.database import SessionFactory

UPLOAD_TIMEOUT = 30
# A spreadsheet runs a cell that begins like a formula; some take the full-width forms for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def spreadsheet_text(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def hand_out(
    client: WebClient,
    user: str,
    text: str,
    files: Mapping[str, bytes],
    note: Callable[[str], None] = lambda file: None,
) -> None:
    """Send `user` a DM with `text` and these files (name → content), which hold nothing of any person: opting out
    leaves them where they are. `note` is told each file's id before Slack has its content. Raises what `WebClient`
    raises or `OSError` when Slack does not take them."""
    posted = client.chat_postMessage(channel=user, text=text)
    uploaded = [_upload(client, name, content, note) for name, content in files.items()]
    client.files_completeUploadExternal(files=uploaded, channel_id=posted["channel"])


def send_files(
    client: WebClient, sessions: SessionFactory, person_id: str, text: str, files: Mapping[str, bytes], now: datetime
) -> None:
    """Send the person a DM with `text` and these files (name → content).

    Raises `NotOptedIn` for somebody who is not opted in or opts out meanwhile, and what `WebClient` raises or
    `OSError` when Slack does not take them. What Slack did take is deleted on opting out, even in the middle of this.
    """
    sending = _Sending(sessions, person_id, now)
    sending.require_consent()
    posted = client.chat_postMessage(channel=person_id, text=text)
    sending.has("message", posted["channel"], posted["ts"])
    try:
        uploaded = [_upload(client, name, content, sending.has_file) for name, content in files.items()]
        client.files_completeUploadExternal(files=uploaded, channel_id=posted["channel"])
    except BROKEN:
        if not sending.note_all():
            raise NotOptedIn from None
        raise
    # An opt-out may have asked Slack to delete them before they were there.
    sending.note_all()


def _upload(client: WebClient, name: str, content: bytes, note: Callable[[str], None]) -> dict[str, str | None]:
    """`note` is told the file's id before Slack has its content."""
    ticket = client.files_getUploadURLExternal(filename=name, length=len(content))
    note(ticket["file_id"])
    request = Request(ticket["upload_url"], data=content, method="POST")  # noqa: S310
    # The address is Slack's own answer of a moment ago, so its scheme is Slack's.
    wire.opener(client.proxy, client.ssl).open(request, timeout=UPLOAD_TIMEOUT).close()
    return {"id": ticket["file_id"], "title": name}


class _Item(NamedTuple):
    kind: str
    channel: str | None
    ref: str


@dataclass
class _Sending:
    """What one person is being sent, and under the lock of their consent: kept in mind, or deleted again."""

    sessions: SessionFactory
    person_id: str
    now: datetime
    items: list[_Item] = field(default_factory=list)

    def require_consent(self) -> None:
        with self.sessions.begin() as session:
            if not consents.hold(session, self.person_id):
                raise NotOptedIn

    def has(self, kind: str, channel: str | None, ref: str) -> None:
        """Slack has this, or is about to; raises `NotOptedIn` when the consent has gone."""
        self.items.append(_Item(kind, channel, ref))
        if not self.note_all():
            raise NotOptedIn

    def has_file(self, file: str) -> None:
        """Slack is about to have this file; raises `NotOptedIn` as `has`."""
        self.has("file", None, file)

    def note_all(self) -> bool:
        """Remember all of it for a later opt-out; False when that was earlier: then Slack has to delete all of it."""
        with self.sessions.begin() as session:
            consenting = consents.hold(session, self.person_id)
            for item in self.items:
                if consenting:
                    deletions.note_sent(session, self.person_id, *item, self.now)
                else:
                    deletions.queue(session, *item, self.now)
        return consenting
