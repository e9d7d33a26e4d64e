"""Keeps the rows of an import apart until its input has been read to the end, in memory that does not grow.

A temporary table of one connection, which goes with it: while the input is read, however slowly, nothing is locked
that anybody else waits for.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from storage.database import SessionFactory

Value = str | int | bool | None
UsageRow = tuple[Value, ...]

KEY = ("person_id", "tool", "surface", "day")


class DatabaseRefused(Exception):
    """PostgreSQL refused rows. Its own words would repeat their values; the message is its error code."""


@contextmanager
def staged(sessions: SessionFactory, columns: Sequence[str], rows: Iterator[UsageRow]) -> Iterator[SessionFactory]:
    """Read rows of (person id, tool, surface, day, *columns) to their end; gives the sessions that see them.

    `columns` become part of SQL: they are the caller's own, never the file's. Raises `DatabaseRefused`.
    """
    with sessions.kw["bind"].connect() as connection:
        driver = connection.connection.driver_connection
        # Closed at the end instead of given back: the temporary table is gone then, whatever happened.
        connection.detach()
        names = ", ".join((*KEY, *columns))
        if isinstance(driver, sqlite3.Connection):
            _fill_sqlite(driver, names, rows)
        else:
            _fill_postgresql(driver, names, rows)
        yield sessionmaker(connection, class_=Session, expire_on_commit=False)


def _create(names: str) -> str:
    return f"CREATE TEMPORARY TABLE usage_staged AS SELECT {names} FROM usage_day WHERE 1 = 0"  # noqa: S608


def _fill_sqlite(driver: sqlite3.Connection, names: str, rows: Iterator[UsageRow]) -> None:
    driver.execute(_create(names))
    places = ", ".join("?" for _ in names.split(","))
    # Not IMMEDIATE: only the temporary table is written, and the database itself stays open to others.
    driver.execute("BEGIN")
    driver.executemany(f"INSERT INTO usage_staged VALUES ({places})", rows)  # noqa: S608
    driver.execute("COMMIT")


def _fill_postgresql(driver: Any, names: str, rows: Iterator[UsageRow]) -> None:
    try:
        with driver.cursor() as cursor:
            cursor.execute(_create(names))
            # Ends the lock on the table that was copied from, which a migration would wait for.
            driver.commit()
            with cursor.copy(f"COPY usage_staged ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute("ANALYZE usage_staged")
        driver.commit()
    except psycopg.DataError as error:
        raise DatabaseRefused(f"PostgreSQL error {error.sqlstate}") from None


def drop(session: Session, gone: Collection[tuple[str, str]]) -> int:
    """Take the rows of these (person id, tool) out again; returns how many there were."""
    if not gone:
        return 0
    connection = session.connection()
    connection.execute(text("CREATE TEMPORARY TABLE usage_gone (person_id VARCHAR, tool VARCHAR)"))
    pairs = [{"person": person, "tool": tool} for person, tool in gone]
    connection.execute(text("INSERT INTO usage_gone VALUES (:person, :tool)"), pairs)
    theirs = "DELETE FROM usage_staged WHERE (person_id, tool) IN (SELECT person_id, tool FROM usage_gone)"
    return connection.execute(text(theirs)).rowcount
