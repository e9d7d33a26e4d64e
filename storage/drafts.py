"""Policy files that HR has handed in and that are not published yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select, update

from storage.tables import PolicyDraft

PROPOSED, AWAITING, SCHEDULED = "proposed", "awaiting", "scheduled"


def add(session: Session, draft: PolicyDraft) -> PolicyDraft:
    """Keep a draft; the same file handed in by the same person again is the draft that is there already.

    One that nobody waits for takes over the base it is compared with now.
    """
    same = select(PolicyDraft).where(PolicyDraft.proposed_by == draft.proposed_by, PolicyDraft.source == draft.source)
    if (kept := session.exec(same.with_for_update()).first()) is None:
        session.add(draft)
        return draft
    if kept.state == PROPOSED:
        kept.base_hash, kept.proposed_at = draft.base_hash, draft.proposed_at
        session.add(kept)
    return kept


def hold(session: Session, draft_id: str) -> PolicyDraft | None:
    """The draft, which nobody else changes or publishes until the transaction ends; None when it is gone."""
    return session.exec(select(PolicyDraft).where(PolicyDraft.id == draft_id).with_for_update()).first()


def get(session: Session, draft_id: str) -> PolicyDraft | None:
    return session.get(PolicyDraft, draft_id)


def remove(session: Session, draft: PolicyDraft) -> None:
    session.delete(draft)


def due(session: Session, now: datetime) -> Sequence[str]:
    """The ids of drafts that were to be published by `now`, the earliest first."""
    scheduled = select(PolicyDraft.id).where(PolicyDraft.state == SCHEDULED, col(PolicyDraft.publish_at) <= now)
    return session.exec(scheduled.order_by(col(PolicyDraft.publish_at), col(PolicyDraft.id))).all()


def scheduled(session: Session) -> Sequence[PolicyDraft]:
    """Every draft that is to be published on a day to come."""
    statement = select(PolicyDraft).where(PolicyDraft.state == SCHEDULED)
    return session.exec(statement.order_by(col(PolicyDraft.publish_at))).all()


def set_all_back(session: Session) -> None:
    """Nothing is published by itself any more, and no confirmation counts: every draft is as it was handed in."""
    again = {"state": PROPOSED, "publish_at": None, "confirmed_by": None}
    session.connection().execute(update(PolicyDraft).values(**again))


def forget_before(session: Session, moment: datetime) -> None:
    """Delete drafts that were handed in before `moment` and that nothing is scheduled for."""
    session.exec(delete(PolicyDraft).where(col(PolicyDraft.proposed_at) < moment, col(PolicyDraft.state) != SCHEDULED))
