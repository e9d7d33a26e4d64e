"""The weekly post: the head of the chain, by which everybody can see later that nothing before it was rewritten."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from sqlmodel import Session

from bot.blocks import Block, context, section
from bot.delivery import Drop, Message
from bot.delivery.channel import PostComposer
from bot.ledger.commands import restored_at
from bot.ledger.heads import Head
from bot.ledger.signing import KeyUnusable, SigningKeys
from bot.ledger.trusting import trusted
from bot.weeks import WEEK, iso_week, monday
from storage import ledger, posts
from storage.database import SessionFactory, reading
from storage.tables import ChannelPost

POST = "ledger head"
# One hour after the week's summaries, on Monday; whoever was down all day leaves it to the next week's, which covers
# as much.
_AT, _UNTIL = timedelta(hours=13), timedelta(days=1)


def owe_due(sessions: SessionFactory, channel: str | None, now: datetime) -> bool:
    """Owe the channel this week's head, on its day; True: it was not owed before. Nothing without a channel, or while
    the ledger is empty."""
    week = monday(now.astimezone(UTC).date())
    since = now - datetime.combine(week, time(0), UTC) - _AT
    if channel is None or not timedelta(0) <= since < _UNTIL:
        return False
    key = f"{POST} {iso_week(week)}"
    with reading(sessions) as session:
        if ledger.head(session) is None or posts.get(session, key) is not None:
            return False
    with sessions.begin() as session:
        return posts.owe(session, key, POST, channel, now)


def composers(keys: SigningKeys) -> Mapping[str, PostComposer]:
    """By the kind of post."""

    def compose(session: Session, post: ChannelPost, now: datetime) -> Message | Drop:
        head = ledger.head(session)
        if head is None:
            return Drop("the ledger is empty")
        restored = restored_at(session)
        recently = restored is not None and restored > now - WEEK
        return message(Head(head.number, head.hash), _key_words(session, keys), restored=recently)

    return {POST: compose}


def message(head: Head, key: str, *, restored: bool = False) -> Message:
    """The post. `key` says in words which key signs; `restored`: the database came from a backup in the last week."""
    blocks: list[Block] = [
        section(
            "*The ledger this week*\nEvery manager, leader or person of HR who opens or takes away a team summary is "
            "written down before they see it, and so is everybody who changes the policy or runs a command that reads "
            "personal data. Whoever counts in a summary may open it too; that is not written down. Home shows you the "
            "entries that concern you. This line stands for every entry so far:"
        ),
        section(f"`{head}`"),
        section(
            "If somebody changes, removes or slips in an entry up to here, it no longer fits this line. Ask whoever "
            f"runs Candor to check it while you, or the works council, look on: `candor ledger verify {head}`"
        ),
    ]
    if restored:
        blocks.append(section(_RESTORED))
    blocks.append(context(key))
    return Message(" ".join([_spoken(head), *([_RESTORED] if restored else []), key]), blocks)


_RESTORED = (
    "*Candor's database was restored from a backup in the last seven days.* Entries that were made after that backup "
    "are lost, so a line that was posted between the backup and its return may not fit any more. Older lines still do."
)


def _spoken(head: Head) -> str:
    return (
        f"The ledger this week: `{head}` stands for every entry so far. If an entry up to here is changed, it no "
        f"longer fits this line. To check: candor ledger verify {head}."
    )


def _key_words(session: Session, keys: SigningKeys) -> str:
    try:
        key = trusted(session, keys)
    except KeyUnusable:
        return "The key that signs what is left when old entries are deleted cannot be used now. Nothing is deleted."
    return (
        f"Entries whose time is up are deleted; what is left is signed with the key `{key.fingerprint}`. If that is "
        "another one than last week's, ask why."
    )
