"""What tests do to a database behind the product's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text

from storage.database import SessionFactory


@contextmanager
def without_table(sessions: SessionFactory, name: str) -> Iterator[None]:
    """Until the end, this table cannot be used."""
    engine: Engine = sessions.kw["bind"]
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {name} RENAME TO {name}_away"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {name}_away RENAME TO {name}"))


@contextmanager
def statements(sessions: SessionFactory) -> Iterator[list[tuple[str, str]]]:
    """Each statement that the database is given, and the values with it."""
    engine: Engine = sessions.kw["bind"]
    seen: list[tuple[str, str]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        seen.append((statement, repr(values)))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", hear)
