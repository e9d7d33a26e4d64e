"""Where somebody who opted in stands: their own terms beside those in force."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy.binding import binding
from bot.policy.bounds import compare, in_force
from bot.policy.terms import Terms
from storage import consents
from storage.database import Session


@dataclass(frozen=True)
class Standing:
    """`terms` bind what is held of the person, who agreed to version `agreed`. `in_force` is the number of the version
    in force, None before any is; `stricter` is whether any of their terms is stricter than its own."""

    terms: Terms
    agreed: int
    in_force: int | None
    stricter: bool


def standing(session: Session, person_id: str, now: datetime) -> Standing | None:
    """Where this person stands at `now`; None when they have not opted in."""
    record = consents.get(session, person_id)
    if record is None:
        return None
    bound = binding(session, now)
    own, current = bound.of_consent(record.consent.policy_hash), in_force(bound.versions, now)
    changes = compare(current.terms, own) if current else []
    return Standing(
        terms=own,
        agreed=bound.hashes[record.consent.policy_hash],
        in_force=current.number if current else None,
        stricter=any(change.direction in ("stricter", "mixed") for change in changes),
    )


def standing_words(stand: Standing) -> str:
    """Which versions bind the person, and that what is stricter holds."""
    agreed = f"You agreed to version {stand.agreed} of the policy"
    if stand.in_force is None:
        return f"{agreed}, which holds for what is held of you already."
    if stand.in_force == stand.agreed:
        return f"{agreed}, which is in force."
    stricter = "Your own terms are stricter than those" if stand.stricter else "Your terms are those"
    return (
        f"{agreed}; version {stand.in_force} is in force. {stricter} in force: of each term the strictest since you "
        "agreed holds for you."
    )
