"""Publishing, and what is owed because of it, in one transaction."""

from datetime import datetime

from bot.policy.document import PolicyDocument
from bot.policy.versions import publish_within
from storage import posts
from storage.database import Session
from storage.tables import PolicyVersion

POST = "policy"


def publish(
    session: Session,
    document: PolicyDocument,
    *,
    publisher: str,
    now: datetime,
    base_hash: str | None,
    channel: str | None,
) -> PolicyVersion:
    """Publish the document after the version with `base_hash`, and owe `channel` its post, if there is a channel.

    Raises `PolicyFault` as `publish_within`.
    """
    version = publish_within(session, document, publisher=publisher, now=now, base_hash=base_hash)
    if channel is not None:
        posts.owe(session, f"{POST} {version.number}", POST, channel, now)
    return version
