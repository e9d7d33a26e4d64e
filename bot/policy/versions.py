"""Which policy version is in force."""

from datetime import datetime
from pathlib import Path

import structlog

from bot.errors import CandorError
from bot.policy.document import PolicyDocument, Terms, read_policy
from storage import policies
from storage.database import SessionFactory, reading
from storage.tables import PolicyVersion

log = structlog.get_logger("candor.policy")


def ensure_published(sessions: SessionFactory, path: Path, now: datetime) -> PolicyVersion:
    """Store the policy file as version 1 at the first start; afterwards the stored version stays in force.

    A file that was changed since is not taken over in silence: people agreed to the stored text.
    """
    document = read_policy(path)
    with reading(sessions) as session:
        current = policies.in_force(session)
    current = current or _publish_first(sessions, document, now)
    if current.hash != document.hash:
        log.warning("the policy file differs from the published version, which stays in force", version=current.number)
    return current


def _publish_first(sessions: SessionFactory, document: PolicyDocument, now: datetime) -> PolicyVersion:
    with sessions.begin() as session:
        # Several replicas may start at once: the first one publishes, the others find its version.
        policies.lock_publishing(session)
        if (current := policies.in_force(session)) is not None:
            return current
        terms = document.terms.model_dump()
        fields = document.model_dump(include={"title", "contact", "effective", "text"})
        return policies.store(session, digest=document.hash, terms=terms, now=now, **fields)


def require_in_force(sessions: SessionFactory) -> PolicyVersion:
    """The version in force; raises `CandorError` before one is published."""
    with reading(sessions) as session:
        policy = policies.in_force(session)
    if policy is None:
        raise CandorError("No policy has been published yet, so nobody can opt in. Please ask HR.")
    return policy


def terms_of(version: PolicyVersion) -> Terms:
    """The terms of a stored version, validated again."""
    return Terms.model_validate(version.terms)
