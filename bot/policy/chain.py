"""The fingerprint of each version and of all before it: to change one unseen, all that follow would have to change."""

import hashlib
import json
from collections.abc import Iterator, Sequence

from bot.errors import PolicyFault
from bot.policy.document import parse_policy
from storage.tables import PolicyVersion

_SEALED = (
    "number", "hash", "title", "contact", "language", "notice_days", "changes", "text", "source", "clauses", "terms",
    "publisher",
)  # fmt: skip
_MOMENTS = ("effective", "published_at", "in_force_from")
_READ = {"title", "contact", "language", "effective", "notice_days", "changes", "text", "clauses", "terms"}


def link(version: PolicyVersion, before: PolicyVersion | None) -> str:
    """The SHA-256 (hex) of what was published, chained to the version before it."""
    sealed = {name: getattr(version, name) for name in _SEALED}
    sealed |= {name: getattr(version, name).isoformat() for name in _MOMENTS}
    sealed["before"] = before.chain if before else ""
    return hashlib.sha256(json.dumps(sealed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def faults(versions: Sequence[PolicyVersion], known: int = 0) -> Iterator[str]:
    """What is not as it was published, in words; nothing when all versions, oldest first, are.

    `known` is the newest number that anything else tells of (`policies.newest_known`): a chain that was cut off at its
    end fits together.
    """
    before: PolicyVersion | None = None
    for number, version in enumerate(versions, start=1):
        if version.number != number:
            yield f"version {number} is missing"
            return
        yield from (f"version {number}: {said}" for said in _faults_of(version, before))
        before = version
    yield from (f"version {number} is missing" for number in range(len(versions) + 1, known + 1))


def _faults_of(version: PolicyVersion, before: PolicyVersion | None) -> Iterator[str]:
    if version.chain != link(version, before):
        yield "what is stored is not what was published, or a version before it was changed: the chain is broken"
    if version.source is None:
        return
    if hashlib.sha256(version.source.encode()).hexdigest() != version.hash:
        yield "the stored file does not have the fingerprint that was published"
        return
    try:
        document = parse_policy(version.source.encode(), "the stored file")
    except PolicyFault as fault:
        yield f"the stored file cannot be read any more: {fault}"
        return
    stored = {name: getattr(version, name) for name in _READ} | {"effective": version.effective.isoformat()}
    wrong = sorted(
        name for name, value in document.model_dump(mode="json", include=_READ).items() if value != stored[name]
    )
    if wrong:
        yield f"{', '.join(wrong)}: not as in the stored file"
