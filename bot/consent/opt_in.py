"""Opting in: what is agreed to, checked and stored in one step."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import uuid4

from bot.errors import CandorError, NotMatchable, NotOptedIn
from bot.policy.binding import Binding, binding
from bot.policy.bounds import loosened
from bot.policy.versions import terms_of
from bot.weeks import local_day, monday, next_slot
from storage import consents, matching, people, policies, preferences
from storage.consents import ConsentRecord
from storage.database import Session, SessionFactory, reading
from storage.tables import Consent, Person, PolicyVersion, Preference

VERIFIED_BY = "Slack profile"


@dataclass(frozen=True)
class Choice:
    """What the person chose in the form, with the email of their Slack profile at this moment."""

    tools: tuple[str, ...]
    figures_in_dm: bool
    email: str | None


def opt_in(
    sessions: SessionFactory,
    person: Person,
    choice: Choice,
    policy: PolicyVersion,
    now: datetime,
    *,
    change: bool = False,
    stays: bool = False,
) -> None:
    """Store the consent, its tools and identity, and when the first digest comes.

    `policy` is the version whose words the person has seen. Usage may be read from the Monday of this week on. Used
    again to change the tools: usage of a tool that is no longer chosen is deleted, and a person who `stays` remains
    with the version they agreed to, and its tools. Raises `NotMatchable` when tools are chosen without an address that
    is this person's alone, `CandorError` for a tool the policy does not name or when a newer version was published,
    `NotOptedIn` when a `change` finds no consent.
    """
    email = _email_to_match(choice, policy)
    with sessions.begin() as session:
        _hold(session, person.id, policy, change)
        _identify(session, person.id, email)
        bound = binding(session, now)
        if stays and change:
            consent, anew = _same_consent(session, person.id, choice, bound), False
        else:
            anew = _is_looser(session, person.id, policy, bound)
            consent = _consent(session, person, choice, policy, now)
        consents.grant(session, consent, choice.tools, monday(local_day(now, person.tz)), anew=anew)
        matching.forget_other_tools(session, person.id, choice.tools)
        _prefer_at_first(session, person, policy, bound)


def _email_to_match(choice: Choice, policy: PolicyVersion) -> str | None:
    """The address that the chosen tools need; None without tools."""
    email = choice.email.strip().lower() if choice.email else None
    if not set(choice.tools) <= set(policy.terms["tools"]):
        raise CandorError("The policy in force does not name that tool. Please open the form again and choose anew.")
    if choice.tools and not email:
        raise NotMatchable
    return email if choice.tools else None


def _hold(session: Session, person_id: str, policy: PolicyVersion, change: bool) -> None:
    """Nobody else changes this person's consent until the transaction ends; raises when it cannot be given now."""
    people.lock(session, person_id)
    if not consents.hold(session, person_id) and change:
        raise NotOptedIn
    _require_newest(session, policy)


def _identify(session: Session, person_id: str, email: str | None) -> None:
    if email:
        _match(session, person_id, email)
    else:
        consents.forget_identity(session, person_id, "email")


def _same_consent(session: Session, person_id: str, choice: Choice, bound: Binding) -> Consent:
    """The consent as it was given, to be kept; raises `CandorError` for a tool that its terms do not name."""
    held = consents.get(session, person_id)
    if held is None:
        raise NotOptedIn
    if not set(choice.tools) <= set(bound.of_consent(held.consent.policy_hash).tools):
        raise CandorError(
            "A tool you ticked is not in the version you stay with. Untick it, or agree to the new version."
        )
    return Consent(**held.consent.model_dump() | {"figures_in_dm": choice.figures_in_dm})


def _is_looser(session: Session, person_id: str, policy: PolicyVersion, bound: Binding) -> bool:
    """Whether agreeing to this version makes anything looser than what binds the person."""
    held = consents.get(session, person_id)
    return held is not None and bool(loosened(bound.versions, bound.hashes[held.consent.policy_hash], terms_of(policy)))


def _prefer_at_first(session: Session, person: Person, policy: PolicyVersion, bound: Binding) -> None:
    if preferences.get(session, person.id) is None:
        hours = (bound.current or terms_of(policy)).hours
        preferences.save(session, first_preference(person, hours.digest, bound.now))


def _require_newest(session: Session, policy: PolicyVersion) -> None:
    newest = policies.newest(session)
    if newest is None or newest.hash != policy.hash:
        raise CandorError(
            "A newer version of the policy was published while this form was open, so nothing was changed. Please open "
            "the form again: it then says what is different."
        )


def _match(session: Session, person_id: str, email: str) -> None:
    try:
        consents.set_identity(session, person_id, "email", email, VERIFIED_BY)
    except consents.IdentityTaken:
        raise NotMatchable from None


def _consent(session: Session, person: Person, choice: Choice, policy: PolicyVersion, now: datetime) -> Consent:
    before = consents.get(session, person.id)
    # What they read stays read; of another version nobody has said so yet.
    same = before.consent if before and before.consent.policy_hash == policy.hash else None
    return Consent(
        person_id=person.id,
        receipt_id=str(uuid4()),
        policy_hash=policy.hash,
        granted_at=now,
        figures_in_dm=choice.figures_in_dm,
        noticed=policy.number,
        told=policy.number,
        read_version=same.read_version if same else None,
        read_at=same.read_at if same else None,
        # Whoever has left the summaries comes back to them by their own button only.
        in_summaries=before.consent.in_summaries if before else True,
    )


def first_preference(person: Person, hour: int, now: datetime) -> Preference:
    """When the digest comes until the person chooses: at this local hour, which the policy in force names."""
    preference = Preference(person_id=person.id, hour=hour)
    preference.next_due = next_slot(now, preference.weekday, time(preference.hour), person.tz)
    return preference


def agreed_to(sessions: SessionFactory, person_id: str) -> tuple[ConsentRecord, PolicyVersion]:
    """The person's consent and the version they agreed to; raises `NotOptedIn`."""
    with reading(sessions) as session:
        held = consents.get(session, person_id)
        if held is None:
            raise NotOptedIn
        return held, policies.by_hash(session, held.consent.policy_hash)


def correct_identity(sessions: SessionFactory, person: Person, email: str | None) -> bool:
    """Match the person by the address their Slack profile has now; returns whether it was another one.

    Usage that came with the old address may be somebody else's, so it is deleted. Raises `NotMatchable` when the
    profile has no address, or one that another person uses.
    """
    value = email.strip().lower() if email else None
    if value is None:
        raise NotMatchable
    with sessions.begin() as session:
        if not consents.hold(session, person.id):
            raise NotOptedIn
        held = consents.get(session, person.id)
        if held is None or held.identities.get("email") == value:
            return False
        _match(session, person.id, value)
        consents.forget_identity(session, person.id, "github_login")
        matching.forget_other_tools(session, person.id, ())
    return True
