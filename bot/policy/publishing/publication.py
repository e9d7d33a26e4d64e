"""Publishing, and what is owed because of it, in one transaction."""

import re
from datetime import datetime

from bot.policy.document import PolicyDocument
from bot.policy.versions import publish_within
from storage import policies, posts
from storage.database import Session, SessionFactory, reading
from storage.restoring import RESTORED
from storage.tables import PolicyVersion

POST = "policy"
TROUBLE = "announcement"
# Whoever publishes in Slack is on record by id.
_ID = re.compile(r"[UW][A-Z0-9]+")


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


def tell_of_trouble(sessions: SessionFactory, now: datetime) -> None:
    """Owe those who published a version a line each when its post failed or may be lost; once, however often called."""
    with reading(sessions) as session:
        lost = [post.key for post in posts.lost_of(session, POST) if post.reason != RESTORED]
        versions = [policies.by_number(session, int(key.split(" ")[1])) for key in lost]
        owed = [(each.number, user) for each in versions if each for user in _ID.findall(each.publisher)]
        owed = [(number, user) for number, user in owed if not posts.get(session, f"{TROUBLE} {number} {user}")]
    for number, user in owed:
        with sessions.begin() as session:
            posts.owe(session, f"{TROUBLE} {number} {user}", TROUBLE, user, now)
