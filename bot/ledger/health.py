"""What is wrong with the ledger, or with the key that signs its checkpoints, and the mend."""

from collections.abc import Iterator

from bot.ledger.signing import KeyUnusable, SigningKeys
from bot.ledger.trusting import trusted
from bot.ledger.verifying import look
from bot.settings import Settings
from bot.troubles import Finding
from storage import ledger
from storage.database import SessionFactory, reading


def examine(settings: Settings, sessions: SessionFactory) -> Iterator[Finding]:
    """Every check; raises `SQLAlchemyError` where there is no database to look into."""
    with reading(sessions) as session:
        checkpoint = ledger.checkpoint(session)
        found = look(ledger.entries(session), checkpoint, ledger.head(session))
        if checkpoint is not None:
            try:
                key = trusted(session, SigningKeys(settings.keys))
                yield Finding("ledger key", True, f"{key.fingerprint}; keep a copy of {settings.keys}/ledger.signing")
            except KeyUnusable as error:
                yield Finding("ledger key", False, str(error))
    if found.said:
        yield Finding("ledger", False, f"{found.said[0]}: candor ledger verify shows all; restore a backup")
    else:
        yield Finding("ledger", True, f"{found.count} entries, unbroken")
