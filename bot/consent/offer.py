"""What is agreed to by opting in or by changing the tools: the newest version, and what that makes looser."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.binding import binding
from bot.policy.bounds import LOOSER, Change, compare
from bot.policy.terms import Terms
from bot.policy.versions import require_newest, terms_of
from storage.consents import ConsentRecord
from storage.database import SessionFactory, reading
from storage.tables import PolicyVersion


@dataclass(frozen=True)
class Offer:
    """The version that is agreed to, with its terms; `in_force` is whether it has taken effect.

    For somebody who is opted in: `agreed` is the number of the version they agreed to before, `changes` is what
    becomes different for them when they agree to this one, and `own` are the terms that bind until then.
    """

    policy: PolicyVersion
    terms: Terms
    in_force: bool
    agreed: int | None = None
    own: Terms | None = None
    changes: tuple[Change, ...] = ()

    @property
    def is_newer(self) -> bool:
        """Whether it is another version than the one that the person agreed to before."""
        return self.agreed is not None and self.agreed != self.policy.number

    @property
    def loosens(self) -> bool:
        """Whether agreeing makes anything looser for the person: then they can change their tools without it."""
        return any(change.direction in LOOSER for change in self.changes)


def offer(sessions: SessionFactory, held: ConsentRecord | None, now: datetime) -> Offer:
    """What this person, with this consent or none, can agree to now; raises `CandorError` while nothing is in force."""
    policy = require_newest(sessions, now)
    terms, in_force = terms_of(policy), policy.in_force_from <= now
    if held is None:
        return Offer(policy, terms, in_force)
    with reading(sessions) as session:
        bound = binding(session, now)
    own, agreed = bound.of_consent(held.consent.policy_hash), bound.hashes[held.consent.policy_hash]
    changes = tuple(compare(own, terms)) if agreed != policy.number else ()
    return Offer(policy, terms, in_force, agreed, own, changes)
