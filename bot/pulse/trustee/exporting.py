"""The server's side of handing a wave over: which ballots go to the trustee, and when there are too few for it."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import structlog

from bot.errors import OperatorError
from bot.pulse.closing import counted, gates
from bot.pulse.keys import KeyDirectory
from bot.pulse.questions import Question
from bot.pulse.sealing import NotSealedHere, ciphertext_of
from bot.pulse.trustee.disk import require_new, write_whole
from bot.pulse.trustee.export import Header
from storage import ballot_exports, waves
from storage.database import Session, SessionFactory, reading
from storage.tables import Wave
from storage.waves import State

log = structlog.get_logger("candor.pulse")


def export(sessions: SessionFactory, keys: KeyDirectory, file: Path) -> Header | None:
    """Write the ballots of the wave that waits for its trustee; safe to repeat.

    Returns None, and no file is written, when too few have answered: then they are deleted unopened, and `close` ends
    the wave. Raises `OperatorError` while no wave waits or the file cannot be written, and `KeysUnusable`.
    """
    require_new(file)
    with reading(sessions) as session:
        wave = require_waiting(waves.unfinished(session))
        header = header_of(session, keys, wave)
        if header.ballots >= header.smallest_group:
            secret = keys.load(wave.id, wave.key_mark).secret
            write_whole(file, _parts(session, wave, header, secret))
            return header
    _end_unopened(sessions, keys)
    return None


def _end_unopened(sessions: SessionFactory, keys: KeyDirectory) -> None:
    with sessions.begin() as session:
        wave = require_waiting(waves.unfinished(session))
        header = header_of(session, keys, wave)
        if header.ballots < header.smallest_group:
            counted(session, wave, None)


def require_waiting(wave: Wave | None) -> Wave:
    """The wave, when it waits for its trustee; raises `OperatorError` with the reason otherwise."""
    if wave is None:
        raise OperatorError("no pulse is under way.")
    if wave.trustee is None:
        raise OperatorError(f"pulse {wave.number} has no trustee: the server counts it by itself.")
    if wave.state == State.OPEN.value:
        raise OperatorError(f"pulse {wave.number} still takes answers, until {wave.closes_at:%Y-%m-%d %H:%M} UTC.")
    if wave.state != State.CLOSING.value:
        raise OperatorError(f"pulse {wave.number} has been counted already.")
    return wave


def header_of(session: Session, keys: KeyDirectory, wave: Wave) -> Header:
    """What the wave's export begins with; the same, however often it is asked for."""
    held = keys.load(wave.id, wave.key_mark)
    # The terms at the wave's end: later ones would make another header of the ballots that the trustee has by then.
    smallest, for_comments = gates(session, wave, wave.closes_at)
    found, number, left_out = sha256(), 0, 0
    for ciphertext in _ciphertexts(session, wave, held.secret):
        found.update(ciphertext or b"")
        number, left_out = number + (ciphertext is not None), left_out + (ciphertext is None)
    if left_out:
        log.error("ballots were changed in the database, and are left out", wave=wave.number, left_out=left_out)
    assert wave.trustee is not None
    return Header(
        wave=wave.id,
        number=wave.number,
        closes_at=wave.closes_at,
        questions=tuple(Question.model_validate(each) for each in wave.questions),
        smallest_group=smallest,
        smallest_group_comments=for_comments,
        public_key=held.public.public_bytes_raw().hex(),
        trustee=wave.trustee,
        ballots=number,
        sha256=found.hexdigest(),
    )


def _parts(session: Session, wave: Wave, header: Header, secret: bytes) -> Iterator[bytes]:
    yield header.line
    found = sha256()
    for ciphertext in filter(None, _ciphertexts(session, wave, secret)):
        found.update(ciphertext)
        yield ciphertext
    if found.hexdigest() != header.sha256:
        raise OperatorError("the ballots changed while they were being exported. No file was written.")


def _ciphertexts(session: Session, wave: Wave, secret: bytes) -> Iterator[bytes | None]:
    """Each ciphertext that this server sealed, once, in their order; None for every other row."""
    before = b""
    for tag, sealed in ballot_exports.by_ciphertext(session, wave.id):
        try:
            ciphertext = ciphertext_of(sealed, secret, wave.id, tag)
        except NotSealedHere:
            yield None
            continue
        yield ciphertext if ciphertext != before else None
        before = ciphertext
