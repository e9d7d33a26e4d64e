"""Consents: who opted in, to which version, with which tools and identities."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, bindparam, delete
from sqlalchemy import select as sa_select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from storage.database import owe_scrub
from storage.tables import Consent, ConsentTool, Identity, Person

# Built once, and not through the ORM: whoever opens Home waits for the answer.
_WHOSE: BindParameter[str] = bindparam("person")
_CONSENT = select(Consent).where(col(Consent.person_id) == _WHOSE)
_TOOLS = sa_select(col(ConsentTool.tool)).where(col(ConsentTool.person_id) == _WHOSE).order_by(col(ConsentTool.tool))
_IDENTITIES = sa_select(col(Identity.kind), col(Identity.value)).where(col(Identity.person_id) == _WHOSE)


@dataclass(frozen=True)
class ConsentRecord:
    """A person's consent with its tools and identities (kind → value)."""

    consent: Consent
    tools: tuple[str, ...]
    identities: dict[str, str]


def get(session: Session, person_id: str) -> ConsentRecord | None:
    """The person's consent, or None when they have not opted in."""
    consent = session.exec(_CONSENT, params={"person": person_id}).first()
    if consent is None:
        return None
    connection, whose = session.connection(), {"person": person_id}
    identities = {row.kind: row.value for row in connection.execute(_IDENTITIES, whose)}
    return ConsentRecord(consent, tuple(connection.scalars(_TOOLS, whose)), identities)


def grant(session: Session, consent: Consent, tools: Collection[str], since: date, *, anew: bool = False) -> None:
    """Store a consent in place of any earlier one of the same person.

    A tool that is new to it may be read from `since` on; one that it had keeps the day from which it may be read,
    unless all is agreed to `anew`: then an import brings back nothing older than that either.
    """
    session.merge(consent)
    mine = session.exec(select(ConsentTool).where(ConsentTool.person_id == consent.person_id)).all()
    known = {row.tool: row for row in mine}
    for tool in known.keys() - set(tools):
        session.delete(known[tool])
    for tool in known.keys() & set(tools) if anew else ():
        known[tool].since = since
    new = sorted(set(tools) - known.keys())
    session.add_all(ConsentTool(person_id=consent.person_id, tool=tool, since=since) for tool in new)
    session.flush()


class IdentityTaken(Exception):
    """This identity belongs to another person who opted in."""


def set_identity(session: Session, person_id: str, kind: str, value: str, verified_by: str) -> None:
    """Store the person's identity of this kind, in place of an earlier one.

    An account that is switched off gives way: the same address may belong to the same person's new account. Raises
    `IdentityTaken` when another active person has it.
    """
    same = select(Identity).where(Identity.kind == kind, Identity.value == value, Identity.person_id != person_id)
    for other in session.exec(same):
        owner = session.get(Person, other.person_id)
        if owner is not None and owner.active:
            raise IdentityTaken
        session.delete(other)
    session.flush()
    held = session.get(Identity, (person_id, kind))
    if held is not None and held.value != value:
        owe_scrub(session)
    try:
        with session.begin_nested():
            session.merge(Identity(person_id=person_id, kind=kind, value=value, verified_by=verified_by))
    except IntegrityError:
        # Two people at once, on a database with several writers.
        raise IdentityTaken from None


def set_figures_in_dm(session: Session, person_id: str, figures_in_dm: bool) -> None:
    """Whether the digest itself shows figures, or only a button that opens them."""
    session.exec(select(Consent).where(Consent.person_id == person_id)).one().figures_in_dm = figures_in_dm


def count(session: Session) -> int:
    """How many people of the whole company are opted in and active. Never asked by team."""
    statement = select(func.count()).select_from(Consent).join(Person, col(Person.id) == col(Consent.person_id))
    return session.exec(statement.where(col(Person.active))).one()


def agreed_to(session: Session) -> frozenset[str]:
    """The hashes of the versions that people who are opted in and active have agreed to."""
    statement = select(Consent.policy_hash).join(Person, col(Person.id) == col(Consent.person_id))
    return frozenset(session.exec(statement.where(col(Person.active)).distinct()))


def forget_identity(session: Session, person_id: str, kind: str) -> None:
    """Delete the person's identity of this kind, if there is one; its bytes are owed to be wiped."""
    mine = delete(Identity).where(col(Identity.person_id) == person_id, col(Identity.kind) == kind)
    if session.exec(mine).rowcount:
        owe_scrub(session)


def hold(session: Session, person_id: str) -> bool:
    """Whether the person is opted in; until the transaction ends, nobody can opt them out.

    SQLite has one writer: there that is so in any case.
    """
    statement = select(Consent.person_id).where(Consent.person_id == person_id).with_for_update()
    return session.exec(statement).first() is not None
