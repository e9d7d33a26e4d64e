"""Rows of the ledger as they are stored: a hand may have put anything into them, and reading them never fails.

SQLite keeps whatever is put into a column, also what is no text, no moment and no JSON; PostgreSQL has moments that no
program can hold.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    Table,
    Text,
    case,
    cast,
    func,
    literal,
    type_coerce,
)
from sqlalchemy.types import NullType
from sqlmodel import Session

from storage.tables import LedgerCheckpoint, LedgerEntry, LedgerHead
from storage.types import UtcDateTime


class Unreadable(NamedTuple):
    """A row with a value that was never written to its column. `previous` and `hash` are "" where it is one of them."""

    number: int
    previous: str = ""
    hash: str = ""


# Nothing that was ever signed.
_BLANK: dict[str, Any] = {
    "number": 0,
    "hash": "",
    "made_at": datetime.min.replace(tzinfo=UTC),
    "public_key": "",
    "signature": "",
}


def columns(session: Session, rows_of: type) -> list[ColumnElement[Any]]:
    """All columns of a table, as `entry`, `head` and `checkpoint` take them."""
    raw = _raw_of_postgresql if _is_postgresql(session) else _raw_of_sqlite
    return [raw(column) for column in _table(rows_of).columns]


def entry(session: Session, row: Sequence[Any]) -> LedgerEntry | Unreadable:
    """The entry; it belongs to no session."""
    found = _read(session, LedgerEntry, row)
    if len(found) == len(row):
        return LedgerEntry(**found)
    return Unreadable(found["number"], found.get("previous", ""), found.get("hash", ""))


def head(session: Session, row: Sequence[Any]) -> LedgerHead | Unreadable:
    """The head of the chain."""
    found = _read(session, LedgerHead, row)
    return LedgerHead(**found) if len(found) == len(row) else Unreadable(0)


def checkpoint(session: Session, row: Sequence[Any]) -> LedgerCheckpoint:
    """The checkpoint; what cannot be read of it is blank, so that its signature does not fit."""
    return LedgerCheckpoint(**_BLANK | _read(session, LedgerCheckpoint, row))


def _table(rows_of: type) -> Table:
    table: Table = rows_of.__table__  # type: ignore[attr-defined]
    return table


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _raw_of_postgresql(column: Column[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, UtcDateTime):
        # Not as text: that is in whatever style the server writes days.
        return cast(func.to_json(column), Text)
    return cast(column, Text) if isinstance(column.type, JSON) else column


def _raw_of_sqlite(column: Column[Any]) -> ColumnElement[Any]:
    """Text comes as bytes, since it may be no text; what is no text, number or NULL comes as a string."""
    kind = func.typeof(column)
    raw = case((kind == "text", cast(column, LargeBinary)), (kind == "blob", literal("blob")), else_=column)
    return type_coerce(raw, NullType())


def _read(session: Session, rows_of: type, row: Sequence[Any]) -> dict[str, Any]:
    """The values by column, without those that cannot be read."""
    plain = _plain_of_postgresql if _is_postgresql(session) else _plain_of_sqlite
    found = dict[str, Any]()
    for column, raw in zip(_table(rows_of).columns, row, strict=True):
        with suppress(ValueError, RecursionError):
            found[column.name] = _value(column, plain(raw))
    return found


def _plain_of_postgresql(raw: Any) -> Any:
    return raw


def _plain_of_sqlite(raw: Any) -> Any:
    if isinstance(raw, str):
        raise ValueError(raw)
    return raw.decode() if isinstance(raw, bytes) else raw


def _value(column: Column[Any], raw: Any) -> Any:
    """Raises `ValueError` for what the program never writes to this column."""
    if raw is None and column.nullable:
        return None
    if isinstance(column.type, Integer):
        return _of_type(int, raw)
    text = _of_type(str, raw)
    if isinstance(column.type, UtcDateTime):
        moment = datetime.fromisoformat(text.strip('"'))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _numbers(json.loads(text)) if isinstance(column.type, JSON) else text


def _of_type(wanted: type, raw: Any) -> Any:
    if type(raw) is not wanted:
        raise ValueError(type(raw).__name__)
    return raw


def _numbers(read: Any) -> list[int]:
    return [_of_type(int, each) for each in _of_type(list, read)]
