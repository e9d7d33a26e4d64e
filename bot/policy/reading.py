"""What is needed to read a policy: the version, those around it, and what changed between two of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import CandorError, NotOptedIn
from bot.policy.bounds import LOOSER, compare
from bot.policy.publishing.difference import ClauseChange, difference
from bot.policy.publishing.words import date_words, of_direction
from bot.policy.terms import Terms
from bot.policy.versions import terms_of
from storage import consents, policies
from storage.database import SessionFactory, reading
from storage.tables import PolicyVersion


@dataclass(frozen=True)
class Shelf:
    """The version that is read, with what stands around it. `coming`: published, and not in force yet; `agreed`: the
    number of the version that the reader opted in to."""

    shown: PolicyVersion
    versions: Sequence[PolicyVersion] = ()
    in_force: PolicyVersion | None = None
    coming: PolicyVersion | None = None
    agreed: int | None = None


@dataclass(frozen=True)
class Changed:
    """What differs from one text to another: clause by clause, and term by term in words."""

    title: str
    clauses: Sequence[ClauseChange] = ()
    stricter: Sequence[str] = ()
    looser: Sequence[str] = ()
    neutral: Sequence[str] = ()
    why: Sequence[str] = ()


def changed(title: str, texts: tuple[str, str], terms: tuple[Terms, Terms], why: Sequence[str] = ()) -> Changed:
    """What differs between two texts and their terms, each (old, new)."""
    changes = compare(*terms)
    return Changed(
        title,
        difference(*texts),
        of_direction(changes, "stricter"),
        of_direction(changes, *LOOSER),
        of_direction(changes, "neutral"),
        why,
    )


def shelf(sessions: SessionFactory, now: datetime, user: str | None, number: int | None) -> Shelf:
    """The version with this number, without one that in force, as `user` reads it; before any is, the coming one.

    Raises `CandorError` for a number that was never published.
    """
    with reading(sessions) as session:
        versions, in_force = policies.published(session), policies.in_force(session, now)
        held = consents.get(session, user) if user else None
        agreed = policies.by_hash(session, held.consent.policy_hash).number if held else None
    if not versions:
        raise CandorError("No policy has been published yet. Please ask HR.")
    newest = versions[-1]
    shown = (in_force or newest) if number is None else _numbered(versions, number)
    return Shelf(shown, versions, in_force, newest if newest.in_force_from > now else None, agreed)


def since_consent(sessions: SessionFactory, user: str) -> tuple[int, int]:
    """The numbers of the version that `user` opted in to and of the newest one; raises `NotOptedIn`."""
    with reading(sessions) as session:
        held, newest = consents.get(session, user), policies.newest(session)
        if held is None or newest is None:
            raise NotOptedIn
        return policies.by_hash(session, held.consent.policy_hash).number, newest.number


def differing(sessions: SessionFactory, old: int, new: int) -> Changed:
    """What differs from version number `old` to `new`; raises `CandorError` when one of them was never published."""
    with reading(sessions) as session:
        versions = policies.published(session)
    after, before = _numbered(versions, new), _numbered(versions, old)
    if old == new:
        return Changed(f"You opted in to version {new}, and there is no newer one.")
    title = f"From version {old} to version {new}, which takes effect on {date_words(after.in_force_from)}."
    why = [line for version in versions[old:new] for line in version.changes]
    return changed(title, (before.text, after.text), (terms_of(before), terms_of(after)), why)


def _numbered(versions: Sequence[PolicyVersion], number: int) -> PolicyVersion:
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise CandorError(f"There is no version {number} of the policy.")
    return found
