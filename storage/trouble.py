"""What is wrong with the database, in words that say what to do."""

import sqlite3

import psycopg
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    MultipleResultsFound,
    NoResultFound,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

_LOCKED = "another process keeps it locked: end that process, or what it does"
_AWAY = "it cannot be reached, or refuses the connection: check that the server runs, and DATABASE_URL"
_OLD_SCHEMA = "its schema is not this version's: run candor db upgrade"
_DISK_FULL = "its disk is full: make room"

_SQLITE = {
    sqlite3.SQLITE_FULL: _DISK_FULL,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
    sqlite3.SQLITE_PERM: "it may not be read or written: give this user the right to",
    sqlite3.SQLITE_READONLY: "it cannot be written: give this user the right to, for its folder too",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check DATABASE_URL and the folder",
    sqlite3.SQLITE_IOERR: "its disk fails: check the disk, then the file with PRAGMA integrity_check",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: take the newest backup",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database: check DATABASE_URL",
    sqlite3.SQLITE_NOMEM: "this process has run out of memory",
    # "No such table", "no such column": all that SQLite says of a statement that it does not understand.
    sqlite3.SQLITE_ERROR: _OLD_SCHEMA,
}
# PostgreSQL's codes, then its classes: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "25006": "it takes no writes: DATABASE_URL leads to a standby, or the server was set to read only",
    "25P03": "it ended a transaction that was idle for too long",
    "42501": "this user may not do that: give it the rights of the owner of the tables",
    "53100": _DISK_FULL,
    "53200": "the server has run out of memory",
    "53300": "the server has no connection left: raise max_connections, or start fewer replicas",
    "57014": "a statement took longer than it may, or was cancelled: check statement_timeout, and who else is busy",
    "08": _AWAY,
    "28": "it refuses the user or password: check DATABASE_URL",
    "3D": "there is no such database: check DATABASE_URL",
    "40": "others changed the same rows at the same time",
    "42": _OLD_SCHEMA,
    "53": "the server has run out of what it needs: check its disk, memory and connections",
    "55": _LOCKED,
    "57": _AWAY,
    "58": "the server's disk fails: check the disk, then the server's log",
    "XX": "the database is damaged: check the server's log",
}


def in_words(error: SQLAlchemyError | sqlite3.Error) -> str:
    """One clause on what is wrong; never a statement or a value."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return _words(cause) or f"it answers {type(cause or error).__name__}"


def _words(cause: BaseException | None) -> str | None:
    match cause:
        case sqlite3.Error():
            code = getattr(cause, "sqlite_errorcode", None)
            return None if code is None else _SQLITE.get(code & 0xFF)
        case psycopg.Error(sqlstate=str(state)):
            return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
        case psycopg.OperationalError() | psycopg.InterfaceError():
            # Where no server has answered, there is no code.
            return _AWAY
        case PoolTimeout():
            return "all connections of this process are busy: something holds them"
    return None


def of_one_row(error: SQLAlchemyError) -> bool:
    """Whether the database works, and only what it was asked about some row was wrong."""
    if isinstance(error, DBAPIError):
        return isinstance(error, DataError | IntegrityError)
    return isinstance(error, StatementError | NoResultFound | MultipleResultsFound)
