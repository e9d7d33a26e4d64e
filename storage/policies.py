"""Policy versions: immutable once stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from storage.tables import PolicyVersion

_NEWEST_FIRST = col(PolicyVersion.number).desc()


def published(session: Session) -> Sequence[PolicyVersion]:
    """Every version, oldest first, also one that has not taken effect yet."""
    return session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number))).all()


def in_force(session: Session, now: datetime) -> PolicyVersion | None:
    """The newest version that has taken effect; None before the first has."""
    taken_effect = select(PolicyVersion).where(col(PolicyVersion.in_force_from) <= now)
    return session.exec(taken_effect.order_by(_NEWEST_FIRST).limit(1)).first()


def newest(session: Session) -> PolicyVersion | None:
    """The newest version, whether it has taken effect or not; None before the first start."""
    return session.exec(select(PolicyVersion).order_by(_NEWEST_FIRST).limit(1)).first()


def by_hash(session: Session, digest: str) -> PolicyVersion:
    """The version with this hash; raises `NoResultFound` when there is none."""
    return session.exec(select(PolicyVersion).where(PolicyVersion.hash == digest)).one()


def by_number(session: Session, number: int) -> PolicyVersion | None:
    """The version with this number; None when there is none."""
    return session.exec(select(PolicyVersion).where(PolicyVersion.number == number)).first()


def lock_publishing(session: Session) -> None:
    """Until the transaction ends, nobody else publishes; reading goes on. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sql("LOCK TABLE policy_version IN SHARE ROW EXCLUSIVE MODE"))


def store(session: Session, version: PolicyVersion) -> PolicyVersion:
    """Add a version; the caller holds `lock_publishing` and has given it the next number."""
    session.add(version)
    session.flush()
    return version
