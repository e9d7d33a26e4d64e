"""A ballot on its way into the database: packed, sealed, stored. Nothing here logs, and nothing names the person."""

from datetime import datetime
from typing import Protocol

from bot.errors import CandorError
from bot.pulse.envelope import Ballot, pack
from bot.pulse.keys import KeyDirectory, KeysUnusable, WaveKeys
from bot.pulse.sealing import seal, tag
from storage import ballots, waves
from storage.database import SessionFactory, quick, reading


class Sealable(Protocol):
    """What sealing a ballot needs of its wave: its id, and the fingerprint of its keys."""

    @property
    def id(self) -> str: ...
    @property
    def key_mark(self) -> str: ...


class WaveOver(CandorError):
    def __init__(self) -> None:
        super().__init__("This pulse has closed, so your answers were not kept. Its results go to everybody at once.")


class CannotSeal(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "Your answers cannot be sealed right now, so nothing of them was kept: Candor cannot get at the keys of "
            "this pulse. Those who run Candor are told so; please try again later."
        )


def cast(
    sessions: SessionFactory, keys: KeyDirectory, wave: Sealable, person: str, ballot: Ballot, now: datetime
) -> None:
    """Seal and store the ballot of a person, in place of an earlier one of theirs.

    Raises `WaveOver` when the wave takes none any more, and `CannotSeal` without its keys; then nothing is stored.
    """
    found = _keys(sessions, keys, wave, now)
    where = tag(found.secret, wave.id, person)
    # Not with the public key in the database: whoever can write there could put one of their own in its place.
    sealed = seal(pack(ballot), found.public, found.secret, wave.id, where)
    with quick(sessions) as connection:
        stored = ballots.put(connection, wave.id, where, sealed, now)
    if not stored:
        raise WaveOver


def _keys(sessions: SessionFactory, keys: KeyDirectory, wave: Sealable, now: datetime) -> WaveKeys:
    try:
        return keys.load(wave.id, wave.key_mark)
    except KeysUnusable:
        with reading(sessions) as session:
            taking = waves.taking(session, now)
        # A wave that has closed in this moment has no keys either, and that can be said more plainly.
        raise (CannotSeal if taking and taking.id == wave.id else WaveOver) from None
