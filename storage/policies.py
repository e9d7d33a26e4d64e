"""Policy versions: immutable once stored."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam
from sqlalchemy import select as sa_select
from sqlalchemy import text as sql
from sqlmodel import Session, col, func, select

from storage.tables import ChannelPost, Consent, PolicyVersion

_NEWEST_FIRST = col(PolicyVersion.number).desc()
# Built once: nearly every answer begins with one of them.
_NEWEST = select(PolicyVersion).order_by(_NEWEST_FIRST).limit(1)
_HAS_TAKEN_EFFECT = col(PolicyVersion.in_force_from) <= bindparam("now")
_IN_FORCE = _NEWEST.where(_HAS_TAKEN_EFFECT)
_TERMS = sa_select(col(PolicyVersion.terms)).where(_HAS_TAKEN_EFFECT).order_by(_NEWEST_FIRST).limit(1)
_CLAUSES = sa_select(col(PolicyVersion.clauses)).where(_HAS_TAKEN_EFFECT).order_by(_NEWEST_FIRST).limit(1)
_NEWEST_HASH = sa_select(col(PolicyVersion.hash)).order_by(_NEWEST_FIRST).limit(1)


class Outline(NamedTuple):
    """What of a version binds people: without its text, which nobody has to read for that."""

    number: int
    hash: str
    terms: Mapping[str, Any]
    in_force_from: datetime


def outlines(session: Session) -> list[Outline]:
    """Every version, oldest first, also one that has not taken effect yet."""
    columns = select(PolicyVersion.number, PolicyVersion.hash, PolicyVersion.terms, PolicyVersion.in_force_from)
    return [Outline(*row) for row in session.exec(columns.order_by(col(PolicyVersion.number)))]


def published(session: Session) -> Sequence[PolicyVersion]:
    """Every version, oldest first, also one that has not taken effect yet."""
    return session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number))).all()


def in_force(session: Session, now: datetime) -> PolicyVersion | None:
    """The newest version that has taken effect; None before the first has."""
    return session.exec(_IN_FORCE, params={"now": now}).first()


def terms_in_force(session: Session, now: datetime) -> Mapping[str, Any] | None:
    """The stored terms of that version, without its text; None before the first has taken effect."""
    return session.connection().scalars(_TERMS, {"now": now}).first()


def clauses_in_force(session: Session, now: datetime) -> list[dict[str, Any]]:
    """The stored clauses of that version, without its text; none before the first has taken effect."""
    return session.connection().scalars(_CLAUSES, {"now": now}).first() or []


def newest(session: Session) -> PolicyVersion | None:
    """The newest version, whether it has taken effect or not; None before the first start."""
    return session.exec(_NEWEST).first()


def newest_hash(session: Session) -> str | None:
    """The hash of that version, without its text."""
    return session.connection().scalars(_NEWEST_HASH).first()


def by_hash(session: Session, digest: str) -> PolicyVersion:
    """The version with this hash; raises `NoResultFound` when there is none."""
    return session.exec(select(PolicyVersion).where(PolicyVersion.hash == digest)).one()


def by_number(session: Session, number: int) -> PolicyVersion | None:
    """The version with this number; None when there is none."""
    return session.exec(select(PolicyVersion).where(PolicyVersion.number == number)).first()


def newest_known(session: Session) -> int:
    """The newest number that consents and posts to channels tell of; 0 when nothing does.

    It shows that versions were cut off at the end of the chain.
    """
    told = session.exec(select(func.max(Consent.noticed), func.max(Consent.read_version))).one()
    keys = session.exec(select(ChannelPost.key).where(col(ChannelPost.key).like("policy %")))
    posted = (int(found[1]) for key in keys if (found := re.fullmatch(r"policy (\d+)", key)))
    return max((number for number in (*told, *posted) if number is not None), default=0)


def lock_publishing(session: Session) -> None:
    """Until the transaction ends, nobody else publishes; reading goes on. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sql("LOCK TABLE policy_version IN SHARE ROW EXCLUSIVE MODE"))


def store(session: Session, version: PolicyVersion) -> PolicyVersion:
    """Add a version; the caller holds `lock_publishing` and has given it the next number."""
    session.add(version)
    session.flush()
    return version
