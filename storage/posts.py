"""Posts to channels and to HR: each is owed under a key of its own, and posted at most once.

    owed -> posting -> posted | owed | failed | unknown        posting, left by a process that died -> unknown

The intent to post is committed before the first byte. `attempts` tells one try from the next: whoever was taken over
changes nothing. The caller owns the transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select, update

from storage.inserting import insert
from storage.tables import ChannelPost


class State(StrEnum):
    """The states of a post; the last three are final."""

    OWED = "owed"
    POSTING = "posting"
    POSTED = "posted"
    UNKNOWN = "unknown"
    FAILED = "failed"


def owe(session: Session, key: str, kind: str, channel: str, not_before: datetime) -> bool:
    """Write down a post that is owed to `channel` (or to a person's DM, by their id); False: this key had one."""
    row = {"key": key, "kind": kind, "channel": channel, "state": State.OWED.value, "not_before": not_before}
    once = insert(session, ChannelPost).values(**row, attempts=0).on_conflict_do_nothing(index_elements=["key"])
    return session.connection().execute(once, execution_options={"preserve_rowcount": True}).rowcount == 1


def get(session: Session, key: str) -> ChannelPost | None:
    return session.get(ChannelPost, key)


def any_open(session: Session) -> bool:
    """Whether any post is owed or on its way."""
    found = select(ChannelPost.key).where(col(ChannelPost.state).in_([State.OWED.value, State.POSTING.value]))
    return session.exec(found.limit(1)).first() is not None


def under_way(session: Session, beginning: str) -> frozenset[str]:
    """Whom posts with keys that begin so went to, or are about to: without those that failed or may be lost."""
    lost = col(ChannelPost.state).in_([State.UNKNOWN.value, State.FAILED.value])
    theirs = select(ChannelPost.channel).where(col(ChannelPost.key).startswith(beginning, autoescape=True), ~lost)
    return frozenset(session.exec(theirs))


def lost_of(session: Session, kind: str) -> Sequence[ChannelPost]:
    """Posts of this kind that failed, or that nobody knows of whether they arrived."""
    bad = col(ChannelPost.state).in_([State.UNKNOWN.value, State.FAILED.value])
    return session.exec(select(ChannelPost).where(ChannelPost.kind == kind, bad)).all()


def next_owed(session: Session, kinds: Sequence[str], now: datetime) -> ChannelPost | None:
    """A post of these kinds that is due and that nobody else takes until the transaction ends."""
    statement = select(ChannelPost).where(
        ChannelPost.state == State.OWED.value, col(ChannelPost.kind).in_(kinds), col(ChannelPost.not_before) <= now
    )
    ordered = statement.order_by(col(ChannelPost.not_before), col(ChannelPost.key)).limit(1)
    return session.exec(ordered.with_for_update(skip_locked=True)).first()


def start(session: Session, post: ChannelPost, lease_until: datetime) -> None:
    """From here on it may be in Slack; who has not said by `lease_until` what became of it has died."""
    post.state, post.not_before, post.attempts = State.POSTING.value, lease_until, post.attempts + 1
    session.add(post)


def mark(session: Session, post: ChannelPost, state: State, **values: Any) -> bool:
    """What became of this try; False, and nothing, when it was given up as unknown meanwhile."""
    mine = update(ChannelPost).where(
        col(ChannelPost.key) == post.key,
        col(ChannelPost.state) == State.POSTING.value,
        col(ChannelPost.attempts) == post.attempts,
    )
    return session.exec(mine.values(state=state.value, **values)).rowcount == 1


def put_off(session: Session, post: ChannelPost, until: datetime) -> None:
    """Nothing is to be posted before then."""
    post.not_before = until
    session.add(post)


def drop(session: Session, post: ChannelPost) -> None:
    """Nothing is to be posted any more."""
    session.delete(post)


def give_up_on_dead(session: Session, now: datetime) -> Sequence[str]:
    """Posts of processes that died in the middle: nobody can say whether they arrived. Returns their keys."""
    left = (col(ChannelPost.state) == State.POSTING.value, col(ChannelPost.not_before) < now)
    unknown = update(ChannelPost).where(*left).values(state=State.UNKNOWN.value, reason="the process ended")
    return session.scalars(unknown.returning(col(ChannelPost.key))).all()


def give_up(session: Session, reason: str) -> None:
    """Nothing that is still owed is posted: nobody can say what was."""
    waiting = col(ChannelPost.state).in_([State.OWED.value, State.POSTING.value])
    session.exec(update(ChannelPost).where(waiting).values(state=State.UNKNOWN.value, reason=reason))


def in_trouble(session: Session) -> Sequence[ChannelPost]:
    """Posts that failed, that nobody knows of whether they arrived, or that were refused and will be tried again."""
    bad = col(ChannelPost.state).in_([State.UNKNOWN.value, State.FAILED.value])
    waiting = (col(ChannelPost.state) == State.OWED.value) & col(ChannelPost.reason).is_not(None)
    return session.exec(select(ChannelPost).where(bad | waiting).order_by(col(ChannelPost.key))).all()
