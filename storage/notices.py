"""Who is still to be told of a policy version, and who said that they read it. Never a list for anybody to look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select, update

from storage import lists
from storage.deliveries import NOTICE, State
from storage.tables import Consent, Delivery, Person, PolicyVersion

_NOT_COME = (State.READY.value, State.CLAIMED.value, State.DROPPED.value, State.FAILED.value)
_OPTED_IN = (
    sa_select(col(Consent.person_id)).join(Person, col(Person.id) == col(Consent.person_id)).where(col(Person.active))
)


def zones(session: Session, version: int) -> Sequence[str]:
    """The zones of those opted in for whom no notice of this version or a later one has been planned."""
    statement = _OPTED_IN.where(col(Consent.noticed) < version).with_only_columns(col(Person.tz)).distinct()
    return session.connection().scalars(statement).all()


def next_people(session: Session, version: int, tz: str, limit: int) -> Sequence[str]:
    """Ids of such people in one zone. Until the transaction ends they are nobody else's to plan, and cannot opt out;
    whoever is being changed at this moment is left out."""
    statement = _OPTED_IN.where(col(Consent.noticed) < version, col(Person.tz) == tz).limit(limit)
    return session.connection().scalars(statement.with_for_update(of=Consent, skip_locked=True)).all()


def told(session: Session, workspace_id: str, week: str, person_ids: Sequence[str]) -> frozenset[str]:
    """Those of these people whose notice in the local ISO week `week` is composed already, or sent, or over."""
    row = Delivery.__table__.c  # type: ignore[attr-defined]
    statement = sa_select(row.person_id).where(
        row.workspace_id == workspace_id,
        row.person_id.in_(lists.values(session, person_ids)),
        row.kind == NOTICE,
        row.week == week,
        row.state != State.READY.value,
    )
    return frozenset(session.connection().scalars(statement))


def planned(session: Session, workspace_id: str, version: int, person_ids: Sequence[str]) -> None:
    """Remember that these people's notice tells of everything up to this version, and of what the one before told."""
    theirs = col(Consent.person_id).in_(lists.values(session, person_ids))
    row = Delivery.__table__.c  # type: ignore[attr-defined]
    mine = (row.workspace_id == workspace_id, row.person_id == Consent.person_id, row.kind == NOTICE)
    latest = sa_select(func.max(row.week)).where(*mine, row.state.in_(_NOT_COME)).scalar_subquery()
    # What is on its way, or may have been lost, counts as told; a notice that goes on waiting told of nothing yet.
    came = sa_select(func.max(row.week)).where(*mine, row.state.not_in(_NOT_COME)).scalar_subquery()
    missed = latest.is_not(None) & (came.is_(None) | (came < latest))
    told = case((missed, col(Consent.told)), else_=col(Consent.noticed))
    session.connection().execute(update(Consent).where(theirs).values(noticed=version, told=told))


def latest_weeks(session: Session, person_ids: Sequence[str]) -> Mapping[str, str]:
    """The week of each person's latest notice, by person id."""
    statement = sa_select(col(Delivery.person_id), func.max(col(Delivery.week)))
    among = statement.where(col(Delivery.person_id).in_(person_ids), col(Delivery.kind) == NOTICE)
    rows = session.connection().execute(among.group_by(col(Delivery.person_id)))
    return {row[0]: row[1] for row in rows}


def consents_among(session: Session, person_ids: Sequence[str]) -> Mapping[str, tuple[Consent, int]]:
    """(consent, number of the version it was given to) of each of these people who is opted in."""
    statement = select(Consent, PolicyVersion.number).join(
        PolicyVersion, col(PolicyVersion.hash) == col(Consent.policy_hash)
    )
    rows = session.exec(statement.where(col(Consent.person_id).in_(person_ids)))
    return {consent.person_id: (consent, number) for consent, number in rows}


def mark_read(session: Session, person_id: str, version: int, now: datetime) -> bool:
    """Keep that the person has read this version, unless they said so of it or a later one before.

    False when they are not opted in: then there is nothing to keep it with.
    """
    consent = session.exec(select(Consent).where(Consent.person_id == person_id).with_for_update()).first()
    if consent is None:
        return False
    if consent.read_version is None or consent.read_version < version:
        consent.read_version, consent.read_at = version, now
        session.add(consent)
    return True


def readers(session: Session, version: int) -> int:
    """How many people of the whole company, opted in and active, have said that they read it or a later version."""
    mine = _OPTED_IN.where(col(Consent.read_version) >= version).with_only_columns(func.count())
    return session.connection().scalar(mine) or 0
