"""Closing a wave, step by step: each step is one transaction, and after a kill at any of them the next call goes on.

No ballot is taken any more; then all are counted in memory and deleted, and what is published is stored; then their
bytes are wiped and the keys destroyed; only then does everybody see the outcome. With too few ballots the keys are
destroyed without one having been opened.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain, islice

from sqlalchemy import Engine

from bot.errors import CandorError, OperatorError
from bot.policy.binding import binding
from bot.policy.publishing.words import date_time_words
from bot.pulse.banding import Gates, Publishable, gates_of, publishable
from bot.pulse.keys import KeyDirectory, KeysUnusable
from bot.pulse.questions import Question
from bot.pulse.tallying import count
from bot.pulse.trustee.heading import Announcement, announcement
from bot.pulse.unsealing import unsealed, valid
from storage import ballots, posts, waves
from storage.database import Session, SessionFactory, owe_scrub, reading, scrub
from storage.tables import Tally, Wave
from storage.waves import State

RESULTS, TOO_FEW, STOPPED = "results", "too few", "stopped"
# The post to the channel that tells everybody the outcome.
POST = "pulse results"
# The post that says which sealed answers the trustee counts.
SEALED_POST = "pulse sealed"
# Whoever could close a wave within minutes, once four who tell each other everything and one more have answered, would
# read that one's answers off the bands. Two days leave everybody else time to be among those who answered; invitations
# come on weekdays only.
CLOSABLE_AFTER_HOURS = 48
_SATURDAY = 5


class TooEarly(CandorError, OperatorError):
    """A wave cannot be closed before its time yet, and from when on."""

    def __init__(self, wave: Wave) -> None:
        super().__init__(
            f"Pulse {wave.number} can be closed before its time from {date_time_words(closable_from(wave))} UTC on, "
            "48 hours of weekdays after it opened: nobody is to choose whose answers are counted. Nothing was changed."
        )


def closable_from(wave: Wave) -> datetime:
    """From when on a wave can be closed before its time. Hours of Saturdays and Sundays, in UTC, do not count."""
    moment, left = wave.opened_at, CLOSABLE_AFTER_HOURS
    while left:
        moment += timedelta(hours=1)
        left -= moment.weekday() < _SATURDAY
    return moment


def close(
    sessions: SessionFactory, keys: KeyDirectory, now: datetime, *, patience: float = 1.0, channel: str | None = None
) -> Wave | None:
    """Bring the wave whose time is over as far as it goes now; None when there is none. Safe to repeat, and in several
    replicas at once. Once it is closed, `channel` is owed a post. A wave of a trustee with enough ballots stays
    "closing", and `channel` is owed the fingerprint of what is sealed: the tallies bring it further.

    Raises `KeysUnusable` while the keys cannot be read or destroyed: then nothing is published.
    """
    wave = _due(sessions, now)
    if wave is not None and wave.state == State.OPEN.value:
        wave = freeze(sessions, wave.id)
    if wave is not None and wave.state == State.CLOSING.value:
        wave = _count(sessions, keys, wave, now, channel)
    if wave is not None and wave.state == State.COUNTED.value:
        wave = _end(sessions, keys, wave, now, patience, channel)
    return wave


def close_early(sessions: SessionFactory, wave: str, now: datetime) -> bool:
    """End the time of a wave now, for good; `close` does the rest. False, and nothing, when it is over already.

    Raises `TooEarly` before `closable_from`.
    """
    with sessions.begin() as session:
        open_now = waves.taking(session, now)
        if open_now is not None and open_now.id == wave and now < closable_from(open_now):
            raise TooEarly(open_now)
        return waves.end_now(session, wave, now)


def abandon(
    sessions: SessionFactory,
    keys: KeyDirectory,
    wave: str,
    now: datetime,
    reason: str,
    *,
    patience: float = 1.0,
    channel: str | None = None,
) -> Wave | None:
    """End a wave for good without results, which everybody sees with the reason; None: there is no such wave.

    Its ballots are deleted and its keys destroyed, or noted as lost when they are not in the directory. A wave that
    has been counted ends with what was counted: results that somebody may have seen are never withdrawn. One that has
    closed stays as it is. Raises `KeysUnusable` when keys are there and cannot be destroyed: `close` goes on then.
    """
    with sessions.begin() as session:
        waves.lock_ballots(session)
        if waves.stop(session, wave, STOPPED, reason):
            ballots.delete_all(session, wave)
            owe_scrub(session)
        found = waves.by_id(session, wave)
    if found is None or found.state == State.CLOSED.value:
        return found
    return _end(sessions, keys, found, now, patience, channel, given_up=True)


def _due(sessions: SessionFactory, now: datetime) -> Wave | None:
    with reading(sessions) as session:
        wave = waves.unfinished(session)
    over = wave is not None and (wave.state != State.OPEN.value or wave.closes_at <= now)
    return wave if over else None


def freeze(sessions: SessionFactory, wave: str) -> Wave | None:
    """From here on the wave takes no ballot."""
    with sessions.begin() as session:
        waves.lock_ballots(session)
        waves.move(session, wave, State.OPEN, State.CLOSING)
        return waves.by_id(session, wave)


def _count(sessions: SessionFactory, keys: KeyDirectory, wave: Wave, now: datetime, channel: str | None) -> Wave | None:
    if wave.trustee is not None and wave.export_mark is not None:
        return wave
    # Counting takes seconds, in which others have to be able to write: no ballot changes any more, so reading will do.
    with reading(sessions) as session:
        smallest, for_comments = gates(session, wave, wave.closes_at)
        enough = not ballots.fewer_than(session, wave.id, smallest)
        export, found = None, None
        if enough and wave.trustee is not None:
            export = announcement(session, keys, wave, smallest, for_comments)
        elif enough:
            found = _publishable(session, keys, wave, smallest, for_comments)
    with sessions.begin() as session:
        return _announced(session, wave, export, now, channel) if export else counted(session, wave, found)


def _announced(session: Session, wave: Wave, export: Announcement, now: datetime, channel: str | None) -> Wave | None:
    """From here on nothing but what has this fingerprint goes to the trustee, and everybody knows."""
    if waves.announce(session, wave.id, export.mark, export.proof) and channel is not None:
        posts.owe(session, f"pulse {wave.number} sealed", SEALED_POST, channel, now)
    return waves.by_id(session, wave.id)


def gates(session: Session, wave: Wave, now: datetime) -> Gates:
    """How many people have to be behind what is shown, and behind comments: the strictest of the wave's own terms and
    of all versions in force from its opening to `now`."""
    strictest = binding(session, now).since(wave.opened_at)
    assert strictest is not None
    return gates_of(wave, strictest)


def _publishable(
    session: Session, keys: KeyDirectory, wave: Wave, smallest: int, for_comments: int
) -> Publishable | None:
    """What is published of the ballots; None, and none is opened, when fewer than `smallest` were sealed here."""
    found = keys.load(wave.id, wave.key_mark).sealed_for(None)
    sealed_here = valid(session, wave, found)
    first = list(islice(sealed_here, smallest))
    if len(first) < smallest:
        return None
    questions = [Question.model_validate(each) for each in wave.questions]
    total = count(questions, unsealed(wave, found, chain(first, sealed_here)))
    return publishable(questions, total, smallest, for_comments) if total.ballots >= smallest else None


def counted(session: Session, wave: Wave, found: Publishable | None) -> Wave | None:
    """Store what is published, and delete the ballots, in one transaction; None: too few have answered."""
    waves.lock_ballots(session)
    if not waves.move(session, wave.id, State.CLOSING, State.COUNTED, outcome=RESULTS if found else TOO_FEW):
        return waves.by_id(session, wave.id)
    ballots.delete_all(session, wave.id)
    owe_scrub(session)
    if found is not None:
        cells = [Tally(wave=wave.id, **vars(cell)) for cell in found.cells]
        # By its fingerprint a comment lies in an order that says nothing of when it came, or of what it says.
        texts = {sha256(text.encode()).hexdigest(): text for text in found.comments}
        ballots.publish(session, wave.id, cells, dict(sorted(texts.items())))
    return waves.by_id(session, wave.id)


def _end(
    sessions: SessionFactory,
    keys: KeyDirectory,
    wave: Wave,
    now: datetime,
    patience: float,
    channel: str | None,
    *,
    given_up: bool = False,
) -> Wave | None:
    """`given_up`: nobody waits for keys that are not in the directory."""
    engine: Engine = sessions.kw["bind"]
    # With a reader in the way the deleted text is still in the file: a wave is closed only once it is not.
    if not scrub(engine, patience=patience):
        return wave
    try:
        lost = not _destroyed(keys, wave, given_up=given_up or wave.outcome == STOPPED)
    except KeysUnusable:
        ended = _now(sessions, wave)
        if ended is not None and ended.state == State.CLOSED.value:
            return ended  # Another replica was here first, and has removed what destroying leaves.
        raise
    with sessions.begin() as session:
        moved = waves.move(session, wave.id, State.COUNTED, State.CLOSED, closed_at=now, keys_lost=lost)
        if moved and channel is not None:
            posts.owe(session, f"pulse {wave.number} results", POST, channel, now)
        ended = waves.by_id(session, wave.id)
    keys.forget(wave.id)
    return ended


def _destroyed(keys: KeyDirectory, wave: Wave, *, given_up: bool) -> bool:
    """False: the keys are not in the directory, and are given up."""
    if given_up and not keys.holds(wave.id):
        return False
    keys.destroy(wave.id)
    return True


def destroy_late(sessions: SessionFactory, keys: KeyDirectory) -> None:
    """Destroy keys that have come back after their wave had ended without them. Safe to repeat; raises `KeysUnusable`
    when they are there and cannot be destroyed."""
    with reading(sessions) as session:
        lost = waves.with_lost_keys(session)
    for wave in filter(keys.holds, lost):
        try:
            keys.destroy(wave)
        except KeysUnusable:
            if keys.holds(wave):
                raise
            continue  # Another replica was here first.
        with sessions.begin() as session:
            waves.keys_destroyed(session, wave)
        keys.forget(wave)


def _now(sessions: SessionFactory, wave: Wave) -> Wave | None:
    with reading(sessions) as session:
        return waves.by_id(session, wave.id)
