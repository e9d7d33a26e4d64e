"""Policy versions: immutable once stored."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import Session, col, func, select

from storage.tables import PolicyVersion


def in_force(session: Session) -> PolicyVersion | None:
    """The newest published version; None before the first start."""
    return session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number).desc()).limit(1)).first()


def by_hash(session: Session, digest: str) -> PolicyVersion:
    """The version with this hash; raises `NoResultFound` when there is none."""
    return session.exec(select(PolicyVersion).where(PolicyVersion.hash == digest)).one()


def lock_publishing(session: Session) -> None:
    """Until the transaction ends, nobody else publishes; reading goes on. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sql("LOCK TABLE policy_version IN SHARE ROW EXCLUSIVE MODE"))


def store(
    session: Session,
    *,
    digest: str,
    title: str,
    contact: str,
    effective: date,
    text: str,
    terms: Mapping[str, Any],
    now: datetime,
) -> PolicyVersion:
    """Add a version with the next number; the caller holds `lock_publishing`."""
    number = session.exec(select(func.coalesce(func.max(PolicyVersion.number), 0))).one() + 1
    version = PolicyVersion(
        hash=digest,
        number=number,
        title=title,
        contact=contact,
        effective=effective,
        text=text,
        terms=dict(terms),
        published_at=now,
    )
    session.add(version)
    session.flush()
    return version
