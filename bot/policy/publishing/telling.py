"""What is posted because of a draft or a version, by the kind of post."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.blocks import section
from bot.delivery import Drop, Message
from bot.delivery.channel import PostComposer
from bot.policy.asking.open_questions import answered_by
from bot.policy.publishing import preview_views
from bot.policy.publishing import telling_views as views
from bot.policy.publishing.drafting import CONFIRM, CONFIRMED, DISCARDED, seal
from bot.policy.publishing.named import named_changes
from bot.policy.publishing.preview import preview
from bot.policy.publishing.publication import POST, TROUBLE
from storage import drafts, policies
from storage.drafts import AWAITING, PROPOSED
from storage.tables import ChannelPost

NOT_PUBLISHED = "not published"


def announcement(session: Session, post: ChannelPost, now: datetime) -> Message | Drop:
    """To the channel: a new version."""
    version = policies.by_number(session, int(post.key.removeprefix(f"{POST} ")))
    if version is None:
        return Drop("there is no such version")
    before = policies.by_number(session, version.number - 1)
    named = named_changes(before, version) if before else []
    return views.announcement(version, version.in_force_from <= now, answered_by(session, version, now), named)


def confirmation(session: Session, post: ChannelPost, now: datetime) -> Message | Drop:
    """To somebody of HR: another one wants to publish this and needs a second yes."""
    _, draft_id, asked, _ = post.key.split(" ")
    draft = drafts.get(session, draft_id)
    if draft is None or draft.state != AWAITING or asked != seal(draft):
        return Drop("it waits for nobody any more")
    lead = f"This version of the policy was handed in {preview_views.by(draft.proposed_by)}, and is to be published. "
    lead += "It needs the yes of somebody else of HR, such as you."
    text, blocks = preview_views.message(preview(session, draft, now), post.channel, lead)
    return Message(text, blocks)


def not_published(session: Session, post: ChannelPost, now: datetime) -> Message | Drop:
    """To HR: what was to be published today was not."""
    draft = drafts.get(session, post.key.split(" ")[2])
    if draft is None or draft.state != PROPOSED:
        return Drop("it was decided meanwhile")
    lead = "*This was to be published today, and was not.* What is in the way is said below; the draft is kept."
    text, blocks = preview_views.message(preview(session, draft, now), post.channel, lead)
    return Message(text, blocks)


def confirmed(session: Session, post: ChannelPost, now: datetime) -> Message:
    """To whoever handed a version in: somebody confirmed it, and it is published."""
    _, number, user = post.key.split(" ")
    return _line(f"Version {number} of the policy, which you handed in, was confirmed by <@{user}> and is published.")


def discarded(session: Session, post: ChannelPost, now: datetime) -> Message:
    """To whoever handed a draft in: somebody else discarded it."""
    user = post.key.split(" ")[2]
    return _line(f"The draft of the policy that you handed in was discarded by <@{user}>. Nothing of it is kept.")


def in_trouble(session: Session, post: ChannelPost, now: datetime) -> Message:
    """To whoever published a version: the channel may not have heard of it."""
    number = post.key.split(" ")[1]
    return _line(
        f"Version {number} of the policy is published, but its announcement did not arrive in the channel, or nobody "
        "can say whether it did. Please look there, and post it by hand if it is missing. Everybody opted in is told "
        "in private all the same."
    )


def _line(text: str) -> Message:
    return Message(text, [section(text)])


COMPOSERS: Mapping[str, PostComposer] = {
    POST: announcement,
    CONFIRM: confirmation,
    NOT_PUBLISHED: not_published,
    CONFIRMED: confirmed,
    DISCARDED: discarded,
    TROUBLE: in_trouble,
}
