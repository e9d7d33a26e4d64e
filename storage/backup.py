"""A copy of the database in one file, taken while the bot runs."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine


class NoBackupHere(Exception):
    """PostgreSQL is backed up with its own tools."""


def backup(engine: Engine, target: Path) -> int:
    """Copy the SQLite database to `target`, readable by its owner only; returns its size in bytes.

    Written beside the target and moved into place, so that a crash leaves no half file. Raises `FileExistsError` for
    a target that is there already, `NoBackupHere` on PostgreSQL.
    """
    if engine.dialect.name != "sqlite":
        raise NoBackupHere
    if target.exists():
        raise FileExistsError(target)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with engine.connect() as connection, closing(sqlite3.connect(partial)) as copy:
            # In a transaction of its own connection the copy would wait for itself.
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            source.backup(copy)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size
