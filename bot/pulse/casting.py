"""A ballot on its way into the database: packed, sealed, stored. Nothing here logs, and nothing names the person."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from bot.errors import CandorError
from bot.pulse.envelope import Ballot, pack
from bot.pulse.keys import KeyDirectory
from bot.pulse.sealing import seal, tag
from storage import ballots
from storage.database import SessionFactory, quick
from storage.tables import Wave


class WaveOver(CandorError):
    def __init__(self) -> None:
        super().__init__("This pulse has closed, so your answers were not kept. Its results go to everybody at once.")


def cast(sessions: SessionFactory, keys: KeyDirectory, wave: Wave, person: str, ballot: Ballot, now: datetime) -> None:
    """Seal and store the ballot of a person, in place of an earlier one of theirs.

    Raises `WaveOver` when the wave takes none any more, and `KeysUnusable`; then nothing is stored.
    """
    secret = keys.load(wave.id, wave.key_mark).secret
    where = tag(secret, wave.id, person)
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(wave.public_key))
    sealed = seal(pack(ballot), public, secret, wave.id, where)
    with quick(sessions) as connection:
        stored = ballots.put(connection, wave.id, where, sealed, now)
    if not stored:
        raise WaveOver
