"""Policy versions: which are published, which is in force, and publishing one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import structlog

from bot.errors import CandorError, PolicyFault
from bot.ledger.chain import FIRST_START, POLICY, record
from bot.policy.bounds import Version
from bot.policy.chain import link
from bot.policy.document import PolicyDocument, read_policy
from bot.policy.notice_period import first_day_after, why_notice
from bot.policy.terms import Terms, stored_terms
from storage import policies
from storage.database import Session, SessionFactory, reading
from storage.tables import PolicyVersion

log = structlog.get_logger("candor.policy")


def terms_of(version: PolicyVersion) -> Terms:
    """The terms of a stored version, validated again."""
    return stored_terms(version.terms)


def current_terms(session: Session, now: datetime) -> Terms | None:
    """The terms in force; None before any version is."""
    stored = policies.terms_in_force(session, now)
    return stored_terms(stored) if stored else None


def ratchet_of(versions: Sequence[PolicyVersion]) -> list[Version]:
    """These versions, oldest first, as `bounds` knows them."""
    return [Version(each.number, terms_of(each), each.in_force_from) for each in versions]


def require_in_force(sessions: SessionFactory, now: datetime) -> PolicyVersion:
    """The version in force; raises `CandorError` before one is."""
    with reading(sessions) as session:
        policy, coming = policies.in_force(session, now), policies.newest(session)
    if policy is not None:
        return policy
    if coming is None:
        raise CandorError("No policy has been published yet, so nobody can opt in. Please ask HR.")
    raise CandorError(f"The policy takes effect on {coming.effective:%d %B %Y}. Until then nobody can opt in.")


def version(sessions: SessionFactory, number: int) -> PolicyVersion:
    """The version with this number; raises `CandorError` when there is none."""
    with reading(sessions) as session:
        found = policies.by_number(session, number)
    if found is None:
        raise CandorError("That version of the policy does not exist. Please open this again from Candor's Home tab.")
    return found


def require_newest(sessions: SessionFactory, now: datetime) -> PolicyVersion:
    """The version that people opt in to: the newest one, also when it takes effect later than the one in force.

    Raises `CandorError` while none is in force at all.
    """
    in_force = require_in_force(sessions, now)
    with reading(sessions) as session:
        return policies.newest(session) or in_force


def ensure_published(sessions: SessionFactory, path: Path, now: datetime) -> PolicyVersion:
    """Store the policy file as version 1 at the first start; afterwards what was published stays in force.

    A file that was changed since is not taken over in silence: people agreed to the stored text.
    """
    document = read_policy(path)
    with reading(sessions) as session:
        current = policies.newest(session)
    if current is None or not current.chain:
        current = _publish_first(sessions, document, now)
    with reading(sessions) as session:
        published = {each.hash for each in policies.outlines(session)}
    if document.hash not in published:
        log.warning("the policy file is none of the published versions, which stay in force", version=current.number)
    return current


def _publish_first(sessions: SessionFactory, document: PolicyDocument, now: datetime) -> PolicyVersion:
    with sessions.begin() as session:
        # Several replicas may start at once: the first one publishes, the others find its version.
        policies.lock_publishing(session)
        if (current := policies.newest(session)) is not None:
            # A version from before there was a chain begins it.
            current.chain = current.chain or link(current, None)
            return current
        return store(session, document, publisher=FIRST_START, now=now)


def publish(
    sessions: SessionFactory, document: PolicyDocument, *, publisher: str, now: datetime, base_hash: str | None
) -> PolicyVersion:
    """As `publish_within`, in a transaction of its own."""
    with sessions.begin() as session:
        return publish_within(session, document, publisher=publisher, now=now, base_hash=base_hash)


def publish_within(
    session: Session, document: PolicyDocument, *, publisher: str, now: datetime, base_hash: str | None
) -> PolicyVersion:
    """Publish a version that follows the one with `base_hash`: what whoever publishes it has compared it with.

    Raises `PolicyFault` when another version was published meanwhile, and for everything that `refusals` finds.
    """
    policies.lock_publishing(session)
    versions = policies.published(session)
    if versions and versions[-1].hash != base_hash:
        raise PolicyFault(
            f"Version {versions[-1].number} was published meanwhile. Look at the changes against it, then publish."
        )
    if said := refusals(document, versions, now):
        raise PolicyFault("\n".join(said))
    return store(session, document, publisher=publisher, now=now)


def refusals(document: PolicyDocument, versions: Sequence[PolicyVersion], now: datetime) -> list[str]:
    """Why this document cannot be published now, after these versions (oldest first), in words; empty when it can."""
    today = now.astimezone(UTC).date()
    same = next((version.number for version in versions if version.hash == document.hash), None)
    if same is not None:
        return [f"This very file is version {same} already."]
    if not versions:
        return []
    said = (
        [] if document.changes else ["changes: say in at most five lines what changed and why; everybody reads them."]
    )
    earliest = earliest_effective(document, versions, now)
    if document.effective < today:
        said.append(f"effective: {document.effective} is in the past. Write {earliest} or later.")
    elif document.effective < earliest:
        said.append(f"effective: {document.effective} is too early. {_why(document, versions, now)}")
    return said


def earliest_effective(document: PolicyDocument, versions: Sequence[PolicyVersion], now: datetime) -> date:
    """The first day, in UTC, on which this document may take effect if it is published now, after at least one
    version."""
    return max(_after_notice(document, versions, now), versions[-1].in_force_from.date())


def _after_notice(document: PolicyDocument, versions: Sequence[PolicyVersion], now: datetime) -> date:
    promised = _promised(versions, now) if why_notice(document, versions[-1]) else 0
    return first_day_after(promised, now)


def _promised(versions: Sequence[PolicyVersion], now: datetime) -> int:
    """The days' notice that people can count on: what the version in force promises, and each that is to come."""
    before = [version for version in versions if version.in_force_from <= now][-1:]
    return max(version.notice_days for version in versions if version in before or version.in_force_from > now)


def _why(document: PolicyDocument, versions: Sequence[PolicyVersion], now: datetime) -> str:
    newest, earliest = versions[-1], earliest_effective(document, versions, now)
    reason, ready = why_notice(document, newest), _after_notice(document, versions, now)
    if reason is None or ready < earliest:
        return (
            f"Version {newest.number} takes effect on {newest.in_force_from.date()}, and no version can overtake the "
            f"one it follows, not even a stricter one: write {earliest} or later."
        )
    return (
        f"The policy promises {_promised(versions, now)} days' notice of every change that does more than make terms "
        f"stricter, and {reason}: write {earliest} or later."
    )


def store(session: Session, document: PolicyDocument, *, publisher: str, now: datetime) -> PolicyVersion:
    """Add the document as the next version; the caller holds `policies.lock_publishing`."""
    before, published_at = policies.newest(session), now.astimezone(UTC)
    earliest = [published_at, datetime.combine(document.effective, time(0), UTC)]
    version = PolicyVersion(
        number=before.number + 1 if before else 1,
        publisher=publisher,
        published_at=published_at,
        # Never before the one it follows, whatever another replica's clock says.
        in_force_from=max([*earliest, before.in_force_from] if before else earliest),
        **document.model_dump(mode="python", exclude={"terms", "clauses", "changes"}),
        **document.model_dump(mode="json", include={"terms", "clauses", "changes"}),
    )
    version.chain = link(version, before)
    policies.store(session, version)
    # Whoever handed it in, then whoever confirmed it: each of them acted.
    for each in publisher.split(", "):
        record(session, published_at, who=each, what=POLICY, about=f"version {version.number}")
    return version
