"""What the export of a wave begins with: computed once when the wave closes, announced, and again for each export."""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

import structlog

from bot.pulse.keys import KeyDirectory, WaveKeys
from bot.pulse.questions import Question
from bot.pulse.sealing import NotSealedHere, ciphertext_of
from bot.pulse.trustee.export import Header
from storage import ballots
from storage.database import Session
from storage.tables import Wave

log = structlog.get_logger("candor.pulse")


def keys_of(keys: KeyDirectory, wave: Wave) -> WaveKeys:
    """The keys of a trustee's wave; raises `KeysUnusable`, also where the database names another trustee."""
    return keys.load(wave.id, wave.key_mark).sealed_for(wave.trustee)


class Announcement(NamedTuple):
    """The mark of a wave's export, and the proof that this server computed it; both in hex."""

    mark: str
    proof: str


def announcement(
    session: Session, keys: KeyDirectory, wave: Wave, smallest: int, for_comments: int
) -> Announcement | None:
    """What is announced of a wave that takes no more ballots; None when fewer than `smallest` were sealed here.

    Raises `KeysUnusable`.
    """
    held = keys_of(keys, wave)
    header = header_of(session, held, wave, smallest, for_comments)
    return Announcement(header.mark, _proof(held, wave, header.mark)) if header.ballots >= smallest else None


def is_ours(keys: KeyDirectory, wave: Wave) -> bool:
    """Whether the mark in the wave's row is one that this server computed; raises `KeysUnusable`."""
    true = _proof(keys_of(keys, wave), wave, wave.export_mark or "")
    return hmac.compare_digest(true, wave.export_proof or "")


def _proof(held: WaveKeys, wave: Wave, mark: str) -> str:
    # Whoever can only write to the database has no key to make one with.
    return hmac.digest(held.secret, f"export\0{wave.id}\0{mark}".encode(), "sha256").hex()


def header_of(session: Session, held: WaveKeys, wave: Wave, smallest: int, for_comments: int) -> Header:
    """What the wave's export begins with, with these smallest groups; the same, however often it is asked for."""
    found, number, left_out = sha256(), 0, 0
    for ciphertext in ciphertexts_of(session, wave, held.secret):
        found.update(ciphertext or b"")
        number, left_out = number + (ciphertext is not None), left_out + (ciphertext is None)
    if left_out:
        log.error("ballots were changed in the database, and are left out", wave=wave.number, left_out=left_out)
    assert held.verifying is not None
    return Header(
        wave=wave.id,
        number=wave.number,
        closes_at=wave.closes_at,
        questions=tuple(Question.model_validate(each) for each in wave.questions),
        smallest_group=smallest,
        smallest_group_comments=for_comments,
        public_key=held.public.public_bytes_raw().hex(),
        trustee=held.verifying.hex(),
        ballots=number,
        sha256=found.hexdigest(),
    )


def ciphertexts_of(session: Session, wave: Wave, secret: bytes) -> Iterator[bytes | None]:
    """Each ciphertext that this server sealed, once, in their order; None for every other row."""
    before = b""
    for tag, sealed in ballots.by_ciphertext(session, wave.id):
        try:
            ciphertext = ciphertext_of(sealed, secret, wave.id, tag)
        except NotSealedHere:
            yield None
            continue
        yield ciphertext if ciphertext != before else None
        before = ciphertext
