"""Drafts that were given a day: published when it comes, or HR is told why not."""

from datetime import datetime
from secrets import token_urlsafe

import structlog

from bot.errors import CandorError, HrOnly
from bot.ledger.chain import COMMAND_LINE
from bot.policy.publishing import drafting
from bot.policy.publishing.drafting import Rules
from bot.policy.publishing.telling import NOT_PUBLISHED
from storage import drafts, posts
from storage.database import Session, SessionFactory, reading
from storage.tables import PolicyDraft

log = structlog.get_logger("candor.policy")


def any_due(sessions: SessionFactory, now: datetime) -> bool:
    """Whether the day of a draft has come."""
    with reading(sessions) as session:
        return bool(drafts.due(session, now))


def publish_due(sessions: SessionFactory, rules: Rules, now: datetime) -> int:
    """Publish the drafts whose day has come; returns how many were. What cannot be is set back, and HR is told."""
    with sessions.begin() as session:
        due = drafts.due(session, now)
    return sum(_publish(sessions, draft_id, rules, now) for draft_id in due)


def _publish(sessions: SessionFactory, draft_id: str, rules: Rules, now: datetime) -> bool:
    try:
        with sessions.begin() as session:
            draft = drafts.hold(session, draft_id)
            if draft is None or draft.state != drafts.SCHEDULED:
                return False
            _require_still_allowed(draft, rules)
            drafting.publish_held(session, draft, rules, now)
    except CandorError as error:
        with sessions.begin() as session:
            _set_back(session, draft_id, rules, now)
        log.error("a scheduled policy was not published: HR is told", draft=draft_id, error=type(error).__name__)
        return False
    return True


def _require_still_allowed(draft: PolicyDraft, rules: Rules) -> None:
    """Whoever gave it a day, and whoever confirmed it, has to be HR on that day too."""
    if rules.two and draft.confirmed_by is None:
        raise CandorError("Nobody has confirmed it.")
    if not {draft.proposed_by, draft.confirmed_by} - {None, COMMAND_LINE} <= set(rules.hr):
        raise HrOnly


def _set_back(session: Session, draft_id: str, rules: Rules, now: datetime) -> None:
    draft = drafts.hold(session, draft_id)
    if draft is None:
        return
    drafting.set_back(draft)
    for person in sorted(rules.hr):
        posts.owe(session, f"{NOT_PUBLISHED} {draft.id} {token_urlsafe(6)}", NOT_PUBLISHED, person, now)
