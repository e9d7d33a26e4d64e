"""Opening a wave: its keys outside the database, its public key and its questions in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex

from bot.errors import CandorError, OperatorError
from bot.policy.publishing.words import date_words
from bot.policy.terms import Terms
from bot.pulse.banding import gates_of
from bot.pulse.keys import KeyDirectory
from bot.pulse.keys import Trustee as Trustee
from bot.pulse.questions import Question
from storage import policies, posts, waves
from storage.database import Session, SessionFactory, reading
from storage.tables import Wave

# Asked more often, people stop answering.
APART = timedelta(days=14)
LENGTH = timedelta(days=7)
POST = "pulse opened"


class NoWave(CandorError, OperatorError):
    """A wave cannot be opened, and why."""


class NoPolicy(NoWave):
    def __init__(self) -> None:
        super().__init__("No policy is in force yet, so there is nothing to ask about.")


def open_wave(
    sessions: SessionFactory,
    keys: KeyDirectory,
    questions: Sequence[Question],
    terms: Terms,
    *,
    opened_by: str,
    now: datetime,
    length: timedelta = LENGTH,
    trustee: Trustee | None = None,
    channel: str | None = None,
) -> Wave:
    """Open the next wave under the terms in force, and owe `channel` its post, if there is a channel.

    Raises `NoWave` while it cannot be, and `KeysUnusable`.
    """
    with reading(sessions) as session:
        require_possible(session, now)
    opened = wave_of(questions, terms, now=now, length=length, trustee=trustee)
    opened.id, opened.opened_by = token_hex(16), opened_by
    made = keys.make(opened.id, trustee)
    opened.public_key, opened.key_mark = made.public.public_bytes_raw().hex(), made.mark
    try:
        with sessions.begin() as session:
            _add(session, keys, opened, channel)
    except BaseException:
        _destroy_unless_opened(sessions, keys, opened.id)
        raise
    return opened


def wave_of(
    questions: Sequence[Question], terms: Terms, *, now: datetime, length: timedelta, trustee: Trustee | None
) -> Wave:
    """A wave with these questions from `now` on, that nobody has opened yet: without id, number and keys."""
    gates = gates_of(terms)
    return Wave(
        id="",
        number=0,
        policy_number=0,
        state=waves.State.OPEN.value,
        opened_by="",
        opened_at=now,
        closes_at=now + length,
        reminder_from=now + length / 2,
        smallest_group=gates.smallest,
        smallest_group_comments=gates.for_comments,
        questions=[question.model_dump(mode="json") for question in questions],
        public_key="",
        key_mark="",
        trustee=trustee.verifying.hex() if trustee else None,
    )


def _add(session: Session, keys: KeyDirectory, opened: Wave, channel: str | None) -> None:
    waves.lock_opening(session)
    require_possible(session, opened.opened_at)
    newest, policy = waves.newest(session), policies.in_force(session, opened.opened_at)
    assert policy is not None
    if newest is not None:
        # What is left of its keys is empty; where a kill kept that from being removed, it is now.
        keys.forget(newest.id)
    # Only now does nobody else open one.
    opened.number = newest.number + 1 if newest else 1
    opened.policy_number = policy.number
    waves.add(session, opened)
    if channel is not None:
        posts.owe(session, f"pulse {opened.number} opened", POST, channel, opened.opened_at)


def _destroy_unless_opened(sessions: SessionFactory, keys: KeyDirectory, wave: str) -> None:
    """Destroy keys that no wave needs. A commit may have succeeded though its answer was lost: then they stay."""
    with sessions.begin() as session:
        # A server that has not noticed yet that we are gone may still be about to commit.
        waves.lock_opening(session)
        opened = waves.by_id(session, wave) is not None
    if not opened:
        keys.destroy(wave)
        keys.forget(wave)


def require_possible(session: Session, now: datetime) -> None:
    """Raises `NoWave`, in words, while no wave can be opened."""
    if policies.in_force(session, now) is None:
        raise NoPolicy
    newest = waves.newest(session)
    if newest is None:
        return
    if newest.state != waves.State.CLOSED.value:
        raise NoWave(f"Pulse {newest.number} has not ended yet. The next one can be opened after that.")
    if now < (earliest := next_from(newest)):
        raise NoWave(f"The last pulse opened less than two weeks ago. The next one can open on {date_words(earliest)}.")


def next_from(newest: Wave) -> datetime:
    """When the wave after the newest one can open at the earliest, however that one ends."""
    return newest.opened_at + APART
