"""The server's side of handing a wave over: what the bot announced goes to the trustee, and nothing else."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bot.errors import OperatorError
from bot.pulse.closing import gates
from bot.pulse.keys import KeyDirectory, WaveKeys
from bot.pulse.trustee.disk import require_new, write_whole
from bot.pulse.trustee.export import Header
from bot.pulse.trustee.heading import ciphertexts_of, header_of, keys_of
from storage import waves
from storage.database import Session, SessionFactory, reading
from storage.tables import Wave
from storage.waves import State


def export(sessions: SessionFactory, keys: KeyDirectory, file: Path) -> Header:
    """Write the ballots of the wave that waits for its trustee; safe to repeat.

    Raises `OperatorError` while no wave waits, when its ballots are not those that were announced, or when the file
    cannot be written, and `KeysUnusable`.
    """
    require_new(file)
    with reading(sessions) as session:
        wave = require_waiting(waves.unfinished(session))
        held = keys_of(keys, wave)
        header = current(session, held, wave)
        if changed := difference(wave, header):
            raise OperatorError(f"{changed} No file was written.")
        write_whole(file, _parts(session, wave, header, held))
    return header


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
    if wave.export_mark is None:
        raise OperatorError(f"pulse {wave.number} is being closed: the bot has not announced its answers yet.")
    return wave


def current(session: Session, held: WaveKeys, wave: Wave) -> Header:
    """What the wave's export would begin with now."""
    # The terms at the wave's end: later ones would make another header of the ballots that the trustee has by then.
    return header_of(session, held, wave, *gates(session, wave, wave.closes_at))


def difference(wave: Wave, header: Header) -> str | None:
    """That a wave's ballots, questions or terms are not what the bot announced; None when they are."""
    if header.mark == wave.export_mark:
        return None
    return (
        f"the sealed answers of pulse {wave.number}, its questions or its smallest groups are no longer what the bot "
        "announced: the database was changed. Put it right from a backup, or end the pulse without results: candor "
        "pulse abandon."
    )


def _parts(session: Session, wave: Wave, header: Header, held: WaveKeys) -> Iterator[bytes]:
    yield header.line
    found = sha256()
    for ciphertext in filter(None, ciphertexts_of(session, wave, held.secret)):
        found.update(ciphertext)
        yield ciphertext
    if found.hexdigest() != header.sha256:
        raise OperatorError("the ballots changed while they were being exported. No file was written.")
