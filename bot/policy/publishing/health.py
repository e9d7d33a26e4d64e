"""What could keep HR from publishing, or a version from being told of, and the mend."""

from collections.abc import Iterator
from datetime import datetime

from slack_sdk import WebClient

from bot.delivery.posting import PERSONAL_ERRORS
from bot.errors import PolicyFault
from bot.people.hr import group_members
from bot.policy.publishing.drafting import document_of
from bot.policy.publishing.words import date_words
from bot.policy.versions import refusals
from bot.settings import Settings
from bot.slack_errors import BROKEN, error_code
from bot.troubles import Finding
from storage import drafts, policies, posts
from storage.database import Session, SessionFactory, reading
from storage.posts import State
from storage.tables import ChannelPost, PolicyDraft

_GROUP_MENDS = {
    "missing_scope": "install the app anew from manifest.yml, with usergroups:read",
    "no_such_subteam": "there is no such user group, or it is disabled: set CANDOR_HR anew",
    "plan_upgrade_required": "this plan of Slack has no user groups: name people in CANDOR_HR",
}


def examine(settings: Settings, client: WebClient, sessions: SessionFactory, now: datetime) -> Iterator[Finding]:
    """Every check; raises `SQLAlchemyError` where there is no database to look into."""
    yield from _hr(settings, client)
    with reading(sessions) as session:
        yield _channel(settings, session)
        yield from (_scheduled(session, draft) for draft in drafts.scheduled(session))


def _hr(settings: Settings, client: WebClient) -> Iterator[Finding]:
    if not settings.hr:
        yield Finding("HR", True, "CANDOR_HR is not set: a policy is published from the command line only")
    for group in sorted(each for each in settings.hr if each.startswith("S")):
        try:
            number = len(group_members(client, group))
        except BROKEN as error:
            code = error_code(error)
            mend = _GROUP_MENDS.get(code, "nobody is HR by this group until Slack answers")
            yield Finding("HR", False, f"user group {group}: Slack answers {code}: {mend}")
        else:
            yield Finding("HR", number > 0, f"user group {group}: {_people(number)}" + ("" if number else ": add some"))


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _channel(settings: Settings, session: Session) -> Finding:
    if wrong := posts.in_trouble(session):
        return Finding("posts", False, "; ".join(map(_trouble, wrong)))
    if settings.channel is None:
        said = (
            "CANDOR_CHANNEL is not set: a new version is announced to those opted in only, a pulse by invitations only"
        )
        return Finding("posts", True, said)
    return Finding(
        "posts", True, f"news of the policy and of pulses goes to {settings.channel}; Candor has to be a member there"
    )


def _trouble(post: ChannelPost) -> str:
    said = f"“{post.key}” to {post.channel}: {post.reason}"
    if post.state == State.UNKNOWN:
        return f"{said}: nobody can say whether it is there; look, and post it by hand if it is not"
    if post.reason in PERSONAL_ERRORS:
        return f"{said}: type /invite @Candor there" + (", it is tried again" if post.state == State.OWED else "")
    return f"{said}: " + ("it is tried again by itself" if post.state == State.OWED else "it was given up")


def _scheduled(session: Session, draft: PolicyDraft) -> Finding:
    day = date_words(draft.publish_at) if draft.publish_at else "no day"
    versions = policies.published(session)
    try:
        said = refusals(document_of(draft), versions, draft.publish_at or draft.proposed_at)
    except PolicyFault as fault:
        said = [str(fault)]
    if versions and versions[-1].hash != draft.base_hash:
        said.insert(0, f"version {versions[-1].number} was published meanwhile")
    name = "scheduled policy"
    if said:
        return Finding(
            name, False, f"for {day}: it will not be published: {'; '.join(said)}. HR can drop the file again"
        )
    return Finding(name, True, f"for {day}, 09:00 UTC")
