"""What the tick does for the ledger: once a week its head is posted, and what is too old goes behind a checkpoint."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.delivery.channel import PostComposer
from bot.ledger import posting, pruning
from bot.ledger.signing import SigningKeys
from bot.settings import Settings
from storage.database import SessionFactory


def keep(sessions: SessionFactory, settings: Settings, now: datetime) -> None:
    """All that is due; safe to repeat. Raises `OperatorError` when what is too old cannot be deleted."""
    posting.owe_due(sessions, settings.channel, now)
    pruning.prune(sessions, SigningKeys(settings.keys), now)


def composers(keys: Path) -> Mapping[str, PostComposer]:
    """By the kind of post; `keys` is the directory of keys."""
    return posting.composers(SigningKeys(keys))
