"""Closing a wave, step by step: each step is one transaction, and after a kill at any of them the next call goes on.

No ballot is taken any more; then all are counted in memory and deleted, and what is published is stored; then their
bytes are wiped and the keys destroyed; only then does everybody see the outcome. With too few ballots the keys are
destroyed without one having been opened.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import structlog
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine

from bot.policy.binding import binding
from bot.pulse.banding import Publishable, publishable
from bot.pulse.envelope import Ballot, unpack
from bot.pulse.keys import KeyDirectory, WaveKeys
from bot.pulse.questions import Question
from bot.pulse.sealing import NotSealedHere, ciphertext_of, opened
from bot.pulse.tallying import count
from storage import ballots, waves
from storage.database import Session, SessionFactory, owe_scrub, scrub
from storage.tables import PulseComment, Tally, Wave
from storage.waves import State

log = structlog.get_logger("candor.pulse")

RESULTS, TOO_FEW, STOPPED = "results", "too few", "stopped"


def close(sessions: SessionFactory, keys: KeyDirectory, now: datetime, *, patience: float = 1.0) -> Wave | None:
    """Bring the wave whose time is over as far as it goes now; None when there is none. Safe to repeat, and in several
    replicas at once. Raises `KeysUnusable` while the keys cannot be read or destroyed: then nothing is published."""
    wave = _due(sessions, now)
    if wave is not None and wave.state == State.OPEN.value:
        wave = freeze(sessions, wave.id)
    if wave is not None and wave.state == State.CLOSING.value and wave.trustee is None:
        wave = _count(sessions, keys, wave, now)
    if wave is not None and wave.state == State.COUNTED.value:
        wave = _end(sessions, keys, wave, now, patience)
    return wave


def _due(sessions: SessionFactory, now: datetime) -> Wave | None:
    with sessions.begin() as session:
        wave = waves.unfinished(session)
    over = wave is not None and (wave.state != State.OPEN.value or wave.closes_at <= now)
    return wave if over else None


def freeze(sessions: SessionFactory, wave: str) -> Wave | None:
    """From here on the wave takes no ballot."""
    with sessions.begin() as session:
        waves.lock_ballots(session)
        waves.move(session, wave, State.OPEN, State.CLOSING)
        return waves.by_id(session, wave)


def _count(sessions: SessionFactory, keys: KeyDirectory, wave: Wave, now: datetime) -> Wave | None:
    with sessions.begin() as session:
        smallest, for_comments = gates(session, wave, now)
        if ballots.count(session, wave.id) < smallest:
            return counted(session, wave, None)
        found = keys.load(wave.id, wave.key_mark)
        questions = [Question.model_validate(each) for each in wave.questions]
        total = count(questions, _ballots(session, wave, found))
        if total.ballots < smallest:
            return counted(session, wave, None)
        return counted(session, wave, publishable(questions, total, smallest, for_comments))


def gates(session: Session, wave: Wave, now: datetime) -> tuple[int, int]:
    """How many people have to be behind what is shown, and behind comments: the stricter of the wave's terms and
    those in force."""
    current = binding(session, now).current
    assert current is not None
    return (
        max(wave.smallest_group, current.smallest_group),
        max(wave.smallest_group_comments, current.smallest_group_comments),
    )


def _ballots(session: Session, wave: Wave, keys: WaveKeys) -> Iterator[Ballot]:
    left_out, private = 0, keys.private
    assert isinstance(private, X25519PrivateKey)
    for tag, sealed in ballots.sealed(session, wave.id):
        try:
            yield unpack(opened(ciphertext_of(sealed, keys.secret, wave.id, tag), private, wave.id))
        except (NotSealedHere, ValueError):
            left_out += 1
    if left_out:
        log.error("ballots were changed in the database, and are left out", wave=wave.number, left_out=left_out)


def counted(session: Session, wave: Wave, found: Publishable | None) -> Wave | None:
    """Store what is published, and delete the ballots, in one transaction; None: too few have answered."""
    if not waves.move(session, wave.id, State.CLOSING, State.COUNTED, outcome=RESULTS if found else TOO_FEW):
        return waves.by_id(session, wave.id)
    ballots.delete_all(session, wave.id)
    owe_scrub(session)
    if found is not None:
        cells = [Tally(wave=wave.id, **vars(cell)) for cell in found.cells]
        ballots.publish(session, cells, [_comment(wave.id, text) for text in found.comments])
    return waves.by_id(session, wave.id)


def _comment(wave: str, text: str) -> PulseComment:
    return PulseComment(wave=wave, id=sha256(text.encode()).hexdigest(), text=text)


def _end(sessions: SessionFactory, keys: KeyDirectory, wave: Wave, now: datetime, patience: float) -> Wave | None:
    engine: Engine = sessions.kw["bind"]
    # With a reader in the way the deleted text is still in the file: a wave is closed only once it is not.
    if not scrub(engine, patience=patience):
        return wave
    keys.destroy(wave.id)
    with sessions.begin() as session:
        waves.move(session, wave.id, State.COUNTED, State.CLOSED, closed_at=now)
        return waves.by_id(session, wave.id)
