"""Files that the bot sends a person, each remembered before Slack has it, so that opting out can delete it."""

import urllib.request
from collections.abc import Mapping
from datetime import datetime

from slack_sdk import WebClient

from storage import deletions
from storage.database import SessionFactory

UPLOAD_TIMEOUT = 30


def send_files(
    client: WebClient, sessions: SessionFactory, person_id: str, text: str, files: Mapping[str, bytes], now: datetime
) -> None:
    """Send the person a DM with `text` and these files (name → content).

    Raises `SlackApiError` or `OSError` when Slack does not take them; what it did take is deleted on opting out.
    """
    posted = client.chat_postMessage(channel=person_id, text=text)
    with sessions.begin() as session:
        deletions.note_sent(session, person_id, "message", posted["channel"], posted["ts"], now)
    uploaded = [_upload(client, sessions, person_id, name, content, now) for name, content in files.items()]
    client.files_completeUploadExternal(files=uploaded, channel_id=posted["channel"])


def _upload(
    client: WebClient, sessions: SessionFactory, person_id: str, name: str, content: bytes, now: datetime
) -> dict[str, str | None]:
    ticket = client.files_getUploadURLExternal(filename=name, length=len(content))
    with sessions.begin() as session:
        deletions.note_sent(session, person_id, "file", None, ticket["file_id"], now)
    request = urllib.request.Request(ticket["upload_url"], data=content, method="POST")  # noqa: S310
    # The address is Slack's own answer of a moment ago, so its scheme is Slack's.
    urllib.request.urlopen(request, timeout=UPLOAD_TIMEOUT).close()  # noqa: S310
    return {"id": ticket["file_id"], "title": name}
