"""A file that somebody dropped into the DM: what Slack says of it, and its bytes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

from pydantic import BaseModel, ConfigDict
from slack_sdk import WebClient

from bot import wire
from bot.errors import CandorError, PolicyFault
from bot.policy.document import FILE_LIMIT
from bot.slack_errors import BROKEN

TIMEOUT = 20
# Where Slack itself keeps files; to any other host the token does not go.
_SLACK = (".slack.com", ".slack-files.com")
_NO_TEXT = ("image/", "audio/", "video/", "application/pdf", "application/zip", "application/vnd.")
NOT_READ = "Slack did not hand over the file. Please try again later; nothing was kept."
NOT_ALLOWED = (
    "Slack does not let Candor read files here: whoever runs Candor has to install the app anew from manifest.yml "
    "(scope files:read). Nothing was kept."
)


class _Edge(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class DroppedFile(_Edge):
    """One file as Slack describes it; `size` in bytes."""

    name: str | None = None
    mimetype: str = ""
    mode: str = ""
    size: int = 0
    is_external: bool = False
    url_private_download: str | None = None
    url_private: str | None = None

    @property
    def title(self) -> str:
        return self.name or "The file"

    @property
    def url(self) -> str | None:
        return self.url_private_download or self.url_private


class Drop(_Edge):
    """The message that carries files."""

    user: str | None = None
    bot_id: str | None = None
    channel: str
    channel_type: str = ""
    ts: str
    thread_ts: str | None = None
    files: tuple[DroppedFile, ...] = ()

    @property
    def thread(self) -> str:
        return self.thread_ts or self.ts


def is_drop(event: Mapping[str, Any]) -> bool:
    """Whether a message event is a file that a person dropped into the DM."""
    from_person = bool(event.get("user")) and not event.get("bot_id")
    return event.get("subtype") == "file_share" and event.get("channel_type") == "im" and from_person


def the_file(drop: Drop) -> DroppedFile:
    """The one file of a drop, as far as it may be a policy; raises `PolicyFault` in words before anything is read."""
    if len(drop.files) != 1:
        raise PolicyFault(
            f"That was {len(drop.files)} files. A policy is one Markdown file: please drop only that one."
        )
    file = drop.files[0]
    if file.is_external or file.mode == "external":
        raise PolicyFault(f"{file.title} is a link to another service. Please drop the Markdown file itself.")
    if file.mimetype.startswith(_NO_TEXT):
        raise PolicyFault(f"{file.title} is no text file. A policy is one Markdown file, such as policy.md.")
    if file.size > FILE_LIMIT:
        raise _too_large(file, f"{file.size:,}")
    return file


def download(client: WebClient, file: DroppedFile) -> bytes:
    """The file's bytes, read within one deadline, from Slack and nobody else; raises `CandorError` in words."""
    if file.url is None or not _is_slacks(file.url, client.base_url):
        raise CandorError(NOT_READ)
    request = Request(file.url, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310
    try:
        with wire.opener(client.proxy, client.ssl).open(request, timeout=TIMEOUT) as answer:
            # Whoever may not read a file is shown a page to sign in, as if all were well.
            signing_in = answer.headers.get_content_type() == "text/html" and file.mimetype != "text/html"
            content: bytes = answer.read(FILE_LIMIT + 1)
            cut_off = len(content) <= FILE_LIMIT and answer.length
    except BROKEN:
        raise CandorError(NOT_READ) from None
    if cut_off:
        raise CandorError(NOT_READ)
    if signing_in:
        raise CandorError(NOT_ALLOWED)
    if len(content) > FILE_LIMIT:
        raise _too_large(file, f"more than {FILE_LIMIT:,}")
    return content


def _too_large(file: DroppedFile, size: str) -> PolicyFault:
    return PolicyFault(
        f"{file.title} has {size} bytes. A policy that people can read has at most {FILE_LIMIT:,}. Nothing was kept."
    )


def _is_slacks(url: str, api: str) -> bool:
    there, here = urlsplit(url), urlsplit(api)
    if (there.scheme, there.netloc) == (here.scheme, here.netloc):
        return True
    return there.scheme == "https" and (there.hostname or "").endswith(_SLACK)
