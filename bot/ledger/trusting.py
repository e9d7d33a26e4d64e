"""Whether the key that lies in its place is the one that signs this ledger; and going on with another one."""

from datetime import datetime

from bot.errors import OperatorError
from bot.ledger.chain import COMMAND, COMMAND_LINE, record
from bot.ledger.signing import KeyUnusable, SigningKey, SigningKeys
from storage import ledger
from storage.database import Session, SessionFactory

NEW_KEY = "ledger new-key"
_MEND = (
    "put the file back. Until then nothing is deleted from the ledger. If it is lost, go on with another one "
    f"(candor {NEW_KEY}): its fingerprint is in the weekly post, where everybody sees that it is new"
)


def trusted(session: Session, keys: SigningKeys) -> SigningKey:
    """The key, where it is the one that signed the newest checkpoint, or that the ledger itself names since.

    Until there is a checkpoint any key will do, and one is made where there is none. Raises `KeyUnusable`.
    """
    before = ledger.checkpoint(session)
    key = keys.made() if before is None else keys.found()
    if key is None:
        raise KeyUnusable(f"the key that signs the ledger is not in {keys.file}: {_MEND}")
    if before is None or before.public_key == key.public or _is_named(session, key):
        return key
    raise KeyUnusable(f"the key in {keys.file} is another one than has signed the ledger so far: {_MEND}")


def standing(session: Session, keys: SigningKeys) -> tuple[str | None, str | None]:
    """The fingerprint of the key that signs, or what is wrong with it, in words; neither before anything was signed."""
    if ledger.checkpoint(session) is None:
        return None, None
    try:
        return trusted(session, keys).fingerprint, None
    except KeyUnusable as error:
        return None, str(error)


def name_new_key(sessions: SessionFactory, keys: SigningKeys, now: datetime) -> SigningKey:
    """From now on the key that lies in its place signs, or a new one where there is none; the ledger says so.

    Raises `KeyUnusable`, and `OperatorError` where nothing has to be done.
    """
    with sessions.begin() as session:
        before = ledger.checkpoint(session)
        if before is None:
            raise OperatorError("nothing was ever deleted from this ledger, so any key will do. Nothing was done.")
        key = keys.made()
        if before.public_key == key.public or _is_named(session, key):
            raise OperatorError(f"the key in {keys.file} signs the ledger already. Nothing was done.")
        record(session, now, who=COMMAND_LINE, what=COMMAND, about=_naming(key))
    return key


def _is_named(session: Session, key: SigningKey) -> bool:
    return ledger.newest_about(session, COMMAND, _naming(key)) is not None


def _naming(key: SigningKey) -> str:
    return f"{NEW_KEY}: {key.fingerprint}"
