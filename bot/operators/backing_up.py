"""`candor db backup`: a copy of all that is held, which the ledger tells of."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.ledger.commands import note
from storage.backup import backup
from storage.database import schema_state, session_factory


def back_up(engine: Engine, target: Path, now: datetime) -> int:
    """Copy the SQLite database to `target`, the entry that says so with it; returns its size in bytes.

    Raises as `storage.backup`. A database of an older version, which has yet to be brought up to date, is copied
    without an entry: it may have no ledger.
    """
    if engine.dialect.name == "sqlite" and not target.exists() and len(set(schema_state(engine))) == 1:
        note(session_factory(engine), "db backup", now)
    return backup(engine, target)
