"""A draft on its way to a version: handed in, confirmed, given a day, published, or thrown away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from secrets import token_urlsafe

import structlog

from bot.errors import CandorError, PolicyFault
from bot.ledger.chain import COMMAND_LINE
from bot.policy.document import PolicyDocument, parse_policy
from bot.policy.publishing import publication
from bot.policy.publishing.words import date_words
from bot.policy.versions import refusals
from storage import drafts, policies, posts
from storage.database import Session, SessionFactory
from storage.tables import PolicyDraft, PolicyVersion

log = structlog.get_logger("candor.policy")

# The hour, in UTC, at which a draft is published that was given a day.
PUBLISHED_AT = time(9)
FARTHEST = timedelta(days=365)
# A draft that nobody published or discarded for so long is forgotten, whenever another is handed in.
FORGOTTEN = timedelta(days=90)
CONFIRM, CONFIRMED, DISCARDED = "confirm", "confirmed", "discarded"
NAME = "The file"


class Gone(CandorError):
    def __init__(self) -> None:
        super().__init__("This draft is not there any more: it was published or discarded. Nothing was done.")


class Outdated(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "This draft was changed after this preview was made: it is compared with another version, or has another "
            "day. Nothing was done. The preview is up to date now: look at it, then decide."
        )


class PublishedOver(CandorError):
    def __init__(self, number: int) -> None:
        super().__init__(
            f"Version {number} was published meanwhile, so nothing was done. The preview now compares with it: look at "
            "the changes, then publish."
        )


@dataclass(frozen=True)
class Rules:
    """How publishing goes here. `channel` hears of it; `hr` are the Slack ids of all of HR; with `two`, one of them
    other than whoever handed the file in has to confirm."""

    channel: str | None
    hr: Collection[str]
    two: bool


def seal(draft: PolicyDraft) -> str:
    """What a preview was made of, beside the file: the version it is compared with, and the day. Buttons carry it."""
    day = draft.publish_at.astimezone(UTC).isoformat() if draft.publish_at else ""
    return sha256(f"{draft.base_hash} {day}".encode()).hexdigest()[:12]


def document_of(draft: PolicyDraft) -> PolicyDocument:
    """The draft as a policy; it was one when it was kept."""
    return parse_policy(draft.source.encode(), NAME)


def propose(sessions: SessionFactory, user: str, raw: bytes, name: str, now: datetime) -> str:
    """Keep a file as a draft that follows the newest version; returns the draft's id, raises `PolicyFault`."""
    document = parse_policy(raw, name)
    with sessions.begin() as session:
        drafts.forget_before(session, now - FORGOTTEN)
        newest = policies.newest(session)
        draft = PolicyDraft(
            id=token_urlsafe(12),
            source=document.source,
            base_hash=newest.hash if newest else None,
            state=drafts.PROPOSED,
            proposed_by=user,
            proposed_at=now,
        )
        return drafts.add(session, draft).id


def publish(
    sessions: SessionFactory, draft_id: str, rules: Rules, now: datetime, *, seen: str | None = None
) -> PolicyVersion | None:
    """Publish a draft now; None when a second person of HR has been asked to confirm it first.

    Raises `Outdated` when `seen`, the seal of the preview that was looked at, is no longer the draft's; so do
    `schedule` and `confirm`.
    """
    with sessions.begin() as session:
        draft = _held(session, draft_id, seen)
        if not rules.two:
            return _publish(session, draft, rules, now)
        _ask(session, draft, rules, None, now)
        return None


def schedule(
    sessions: SessionFactory, draft_id: str, day: date, rules: Rules, now: datetime, *, seen: str | None = None
) -> datetime:
    """Have a draft published on that day; returns the moment, in UTC. With `rules.two` somebody has to confirm first.

    Raises `PolicyFault` for what would keep it from being published then.
    """
    moment = datetime.combine(day, PUBLISHED_AT, UTC)
    if not now < moment <= now + FARTHEST:
        raise CandorError(f"{date_words(day)}, 09:00 UTC, is not in the coming year. Please choose another day.")
    with sessions.begin() as session:
        draft = _held(session, draft_id, seen)
        _require_publishable(session, draft, moment)
        if rules.two:
            _ask(session, draft, rules, moment, now)
        else:
            draft.state, draft.publish_at = drafts.SCHEDULED, moment
    return moment


def confirm(
    sessions: SessionFactory, draft_id: str, user: str, rules: Rules, now: datetime, *, seen: str | None = None
) -> PolicyVersion | None:
    """The second person's yes: publishes the draft, or has it published on its day, then None.

    Raises `CandorError` for whoever handed the file in, and when the draft does not wait for anybody.
    """
    with sessions.begin() as session:
        draft = _held(session, draft_id, seen)
        if draft.state != drafts.AWAITING:
            raise CandorError("This draft does not wait for a confirmation any more. Nothing was done.")
        if draft.proposed_by not in {*rules.hr, COMMAND_LINE}:
            raise CandorError("Whoever handed this in does not belong to HR any more. Nothing was done.")
        if user == draft.proposed_by:
            raise CandorError("Somebody else of HR has to confirm this: you handed it in. Nothing was done.")
        draft.confirmed_by = user
        if draft.publish_at is None or draft.publish_at <= now:
            return _publish(session, draft, rules, now)
        _require_publishable(session, draft, draft.publish_at)
        draft.state = drafts.SCHEDULED
        return None


def take_back(sessions: SessionFactory, draft_id: str) -> None:
    """The draft has no day any more and waits for nobody; it stays."""
    with sessions.begin() as session:
        set_back(_held(session, draft_id))


def set_back(draft: PolicyDraft) -> None:
    draft.state, draft.publish_at, draft.confirmed_by = drafts.PROPOSED, None, None


def discard(sessions: SessionFactory, draft_id: str, user: str | None = None, now: datetime | None = None) -> None:
    """Delete the draft; whoever handed it in is told when somebody else, `user`, does."""
    with sessions.begin() as session:
        draft = _held(session, draft_id)
        drafts.remove(session, draft)
        if user and now and draft.proposed_by not in (user, COMMAND_LINE):
            posts.owe(session, f"{DISCARDED} {draft.id} {user}", DISCARDED, draft.proposed_by, now)
    log.info("draft discarded", draft=draft_id)


def rebase(sessions: SessionFactory, draft_id: str) -> None:
    """From now on the draft is compared with the newest version, and may follow it. It waits for nobody any more."""
    with sessions.begin() as session:
        draft, newest = _held(session, draft_id), policies.newest(session)
        draft.base_hash = newest.hash if newest else None
        set_back(draft)


def ask_again(sessions: SessionFactory, draft_id: str, rules: Rules, now: datetime) -> None:
    """Ask those again whom the request to confirm may not have reached, if the draft waits for them."""
    with sessions.begin() as session:
        draft = _held(session, draft_id)
        if draft.state == drafts.AWAITING and rules.two:
            _ask(session, draft, rules, draft.publish_at, now)


def _held(session: Session, draft_id: str, seen: str | None = None) -> PolicyDraft:
    draft = drafts.hold(session, draft_id)
    if draft is None:
        raise Gone
    if seen is not None and seen != seal(draft):
        raise Outdated
    return draft


def _publish(session: Session, draft: PolicyDraft, rules: Rules, now: datetime) -> PolicyVersion:
    _require_base(session, draft)
    publisher = ", ".join(filter(None, (draft.proposed_by, draft.confirmed_by)))
    version = publication.publish(
        session,
        document_of(draft),
        publisher=publisher,
        now=now,
        base_hash=draft.base_hash,
        channel=rules.channel,
    )
    drafts.remove(session, draft)
    if draft.confirmed_by and draft.proposed_by != COMMAND_LINE:
        posts.owe(session, f"{CONFIRMED} {version.number} {draft.confirmed_by}", CONFIRMED, draft.proposed_by, now)
    log.info("policy published", version=version.number, draft=draft.id)
    return version


def publish_held(session: Session, draft: PolicyDraft, rules: Rules, now: datetime) -> PolicyVersion:
    """Publish a draft that was confirmed as far as needed, in the caller's transaction; raises `CandorError`."""
    return _publish(session, draft, rules, now)


def _require_base(session: Session, draft: PolicyDraft) -> None:
    policies.lock_publishing(session)
    newest = policies.newest(session)
    if newest is not None and newest.hash != draft.base_hash:
        raise PublishedOver(newest.number)


def _require_publishable(session: Session, draft: PolicyDraft, moment: datetime) -> None:
    _require_base(session, draft)
    if said := refusals(document_of(draft), policies.published(session), moment):
        raise PolicyFault("\n".join(said))


def _ask(session: Session, draft: PolicyDraft, rules: Rules, moment: datetime | None, now: datetime) -> None:
    """Have everybody else of HR asked for a second yes."""
    _require_publishable(session, draft, moment or now)
    others = sorted(set(rules.hr) - {draft.proposed_by})
    if not others:
        raise CandorError(
            "A second person of HR has to confirm (CANDOR_TWO_PUBLISHERS), and nobody else is named in CANDOR_HR. "
            "Nothing was done."
        )
    waited = draft.state == drafts.AWAITING
    draft.state, draft.publish_at, draft.confirmed_by = drafts.AWAITING, moment, None
    request = f"{CONFIRM} {draft.id} {seal(draft)} "
    asked = posts.under_way(session, request) if waited else frozenset[str]()
    for other in others:
        if other not in asked:
            posts.owe(session, f"{request}{token_urlsafe(6)}", CONFIRM, other, now)
