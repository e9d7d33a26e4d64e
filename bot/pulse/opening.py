"""Opening a wave: its keys outside the database, its public key and its questions in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from bot.errors import CandorError, OperatorError
from bot.policy.terms import Terms
from bot.pulse.banding import SMALLEST
from bot.pulse.keys import KeyDirectory
from bot.pulse.questions import Question
from storage import policies, waves
from storage.database import Session, SessionFactory
from storage.tables import Wave

# Asked more often, people stop answering.
APART = timedelta(days=14)
LENGTH = timedelta(days=7)


class NoWave(CandorError, OperatorError):
    """A wave cannot be opened, and why."""


@dataclass(frozen=True)
class Trustee:
    """The public halves of a trustee's keys: what this wave is sealed for, and what signs its tallies."""

    public: X25519PublicKey
    verifying: bytes


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
) -> Wave:
    """Open the next wave under the terms in force; raises `NoWave` while it cannot be, and `KeysUnusable`."""
    wave = token_hex(16)
    made, public = keys.make(wave, trustee.public if trustee else None)
    try:
        with sessions.begin() as session:
            waves.lock_opening(session)
            require_possible(session, now)
            newest, policy = waves.newest(session), policies.in_force(session, now)
            assert policy is not None
            return waves.add(
                session,
                Wave(
                    id=wave,
                    number=newest.number + 1 if newest else 1,
                    state=waves.State.OPEN.value,
                    opened_by=opened_by,
                    opened_at=now,
                    closes_at=now + length,
                    reminder_from=now + length / 2,
                    policy_number=policy.number,
                    smallest_group=max(terms.smallest_group, SMALLEST),
                    smallest_group_comments=max(terms.smallest_group_comments, SMALLEST),
                    questions=[question.model_dump(mode="json") for question in questions],
                    public_key=public.public_bytes_raw().hex(),
                    key_mark=made.mark,
                    trustee=trustee.verifying.hex() if trustee else None,
                ),
            )
    except BaseException:
        keys.destroy(wave)
        raise


def require_possible(session: Session, now: datetime) -> None:
    """Raises `NoWave`, in words, while no wave can be opened."""
    if policies.in_force(session, now) is None:
        raise NoWave("No policy is in force yet, so there is nothing to ask about.")
    newest = waves.newest(session)
    if newest is None:
        return
    if newest.state != waves.State.CLOSED.value:
        raise NoWave(f"Pulse {newest.number} has not ended yet. The next one can be opened after that.")
    if now < newest.opened_at + APART:
        earliest = newest.opened_at + APART
        raise NoWave(f"The last pulse opened less than two weeks ago. The next one can open on {earliest:%d %B %Y}.")
