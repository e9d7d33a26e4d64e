"""What is wrong with the ledger, or with the key that signs its checkpoints, and the mend."""

from collections.abc import Iterator

from bot.ledger.signing import SigningKeys
from bot.ledger.trusting import standing
from bot.ledger.verifying import look
from bot.settings import Settings
from bot.troubles import Finding
from storage import ledger
from storage.database import SessionFactory, reading


def examine(settings: Settings, sessions: SessionFactory) -> Iterator[Finding]:
    """Every check; raises `SQLAlchemyError` where there is no database to look into."""
    keys = SigningKeys(settings.keys)
    with reading(sessions) as session:
        found = look(ledger.stored(session), ledger.checkpoint(session), ledger.stored_head(session))
        fingerprint, wrong = standing(session, keys)
    if fingerprint:
        yield Finding("ledger key", True, f"{fingerprint}; keep a copy of {keys.file}")
    if wrong:
        yield Finding("ledger key", False, wrong)
    if found.said:
        yield Finding("ledger", False, f"{found.said[0]}: candor ledger verify shows all; restore a backup")
    else:
        yield Finding("ledger", True, f"{found.count} entries, unbroken")
