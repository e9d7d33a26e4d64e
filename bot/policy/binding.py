"""Which terms bind what is held of whom: the ratchet of `bounds`, asked of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.policy.bounds import Version, bound, in_force, loosened, own
from bot.policy.terms import Terms, stored_terms
from storage import consents, policies
from storage.database import Session


@dataclass(frozen=True)
class Binding:
    """The published versions at one moment. `hashes` gives each version's number by its hash."""

    versions: tuple[Version, ...]
    hashes: Mapping[str, int]
    now: datetime

    @property
    def current(self) -> Terms | None:
        """The terms in force; None before any are."""
        version = in_force(self.versions, self.now)
        return version.terms if version else None

    def of_consent(self, policy_hash: str) -> Terms:
        """The terms of everybody who agreed to this version: the strictest of all since then."""
        return bound(self.versions, self.hashes[policy_hash], self.now)

    def of_all_consents(self) -> dict[str, Terms]:
        """The terms of everybody who opted in, by the hash of the version they agreed to."""
        return {policy_hash: self.of_consent(policy_hash) for policy_hash in self.hashes}

    def since(self, moment: datetime) -> Terms | None:
        """The terms of what nobody's consent covers and what began at `moment`: the strictest of all versions in force
        since then. None before any are in force."""
        first = in_force(self.versions, moment) or next(iter(self.versions), None)
        return bound(self.versions, first.number, self.now) if first and self.current else None

    def agreeable_since(self, moment: datetime) -> Terms | None:
        """The strictest terms that anybody can have agreed to since then: as `since`, with what is still to come."""
        first = in_force(self.versions, moment)
        return own(self.versions, first.number, self.versions[-1].number) if first else None


def asks_again(session: Session, terms: Terms, now: datetime) -> bool:
    """Whether these terms, published next, are looser for anybody opted in than what binds them: then they are asked.

    Whoever agrees to the newest version until then counts too, so that nobody has to be opted in yet.
    """
    bound = binding(session, now)
    agreed = {bound.hashes[each] for each in consents.agreed_to(session)}
    newest = {version.number for version in bound.versions[-1:]}
    return any(loosened(bound.versions, number, terms) for number in sorted(agreed | newest))


def binding(session: Session, now: datetime) -> Binding:
    """All that was published, as it binds at `now`."""
    found = policies.outlines(session)
    versions = tuple(Version(each.number, stored_terms(each.terms), each.in_force_from) for each in found)
    return Binding(versions, {each.hash: each.number for each in found}, now)
