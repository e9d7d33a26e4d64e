"""Reading a wave's ballots in the order in which they come, each only if it is what this server sealed."""

from collections.abc import Iterator

import structlog

from bot.pulse.envelope import Ballot, unpack
from bot.pulse.keys import KeysUnusable, WaveKeys
from bot.pulse.sealing import NotSealedHere, ciphertext_of, opened
from storage import ballots
from storage.database import Session
from storage.tables import Wave

log = structlog.get_logger("candor.pulse")


def valid(session: Session, wave: Wave, keys: WaveKeys) -> Iterator[bytes]:
    """The ciphertext of each ballot that this server sealed for its tag. How many others there were is logged."""
    left_out = 0
    for tag, sealed in ballots.sealed(session, wave.id):
        try:
            yield ciphertext_of(sealed, keys.secret, wave.id, tag)
        except NotSealedHere:
            left_out += 1
    _say(wave, left_out)


def unsealed(wave: Wave, keys: WaveKeys, ciphertexts: Iterator[bytes]) -> Iterator[Ballot]:
    """Each ballot that the wave's key opens. How many it does not is logged. Raises `KeysUnusable` for a trustee's."""
    left_out, private = 0, keys.private
    if private is None:
        raise KeysUnusable("the answers are sealed for a trustee, so the server cannot count them")
    for ciphertext in ciphertexts:
        try:
            yield unpack(opened(ciphertext, private, wave.id))
        except ValueError:
            left_out += 1
    _say(wave, left_out)


def _say(wave: Wave, left_out: int) -> None:
    if left_out:
        log.error("ballots were changed in the database, and are left out", wave=wave.number, left_out=left_out)
