"""Sealing a ballot, and the tag under which it lies.

HPKE (RFC 9180) with X25519, HKDF-SHA-256 and AES-256-GCM; `info` is the wave, so that a ballot can be opened for no
other. The mark around it shows that this server sealed it, for this tag: whoever can write to the database can
neither copy somebody's ballot under other tags nor add ballots of their own.
"""

import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.pulse.envelope import LENGTH

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
MARK = sha256().digest_size
# The encapsulated key, the text, and the cipher's own proof; then the mark.
CIPHERTEXT = 32 + LENGTH + 16
SEALED = CIPHERTEXT + MARK


class NotSealedHere(ValueError):
    """A row that this server did not seal for this wave and tag, or that cannot be opened with the wave's key."""


def tag(secret: bytes, wave: str, person: str) -> bytes:
    """Where the ballot of a person in a wave lies: 32 bytes that say nothing without `secret`."""
    return _hmac(secret, b"tag", wave, person.encode())


def seal(payload: bytes, public: X25519PublicKey, secret: bytes, wave: str, where: bytes) -> bytes:
    """The payload, readable only with the wave's private key, for the row with the tag `where`: `SEALED` bytes."""
    ciphertext = SUITE.encrypt(payload, public, info=wave.encode())
    return ciphertext + _hmac(secret, b"ballot", wave, where + ciphertext)


def ciphertext_of(sealed: bytes, secret: bytes, wave: str, where: bytes) -> bytes:
    """What the wave's private key opens; raises `NotSealedHere` when the mark is not this server's for this tag."""
    ciphertext, mark = sealed[:CIPHERTEXT], sealed[CIPHERTEXT:]
    if not hmac.compare_digest(mark, _hmac(secret, b"ballot", wave, where + ciphertext)):
        raise NotSealedHere
    return ciphertext


def opened(ciphertext: bytes, private: X25519PrivateKey, wave: str) -> bytes:
    """The payload; raises `NotSealedHere` when the key, the wave or the bytes are others."""
    try:
        return SUITE.decrypt(ciphertext, private, info=wave.encode())
    except (InvalidTag, ValueError) as error:
        raise NotSealedHere from error


def _hmac(secret: bytes, what: bytes, wave: str, rest: bytes) -> bytes:
    # Each part but the last is of one length or ends with a byte that it cannot hold.
    return hmac.digest(secret, what + b"\0" + wave.encode() + b"\0" + rest, "sha256")
