"""Closing a wave that a whole company has answered, against opening the same bytes and doing nothing else."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Engine

from bot.pulse.closing import close
from bot.pulse.keys import KeyDirectory
from bot.pulse.sealing import SUITE
from storage.database import open_engine, session_factory
from storage.tables import Wave
from tests.bench import databases, pulse_rows
from tests.bench.lines import Line, at_most, at_most_times
from tests.bench.memory import peak_mb
from tests.bench.size import Size

SQLITE_TIMES, POSTGRESQL_TIMES = 2, 3
MOST_MB = 500


def on_sqlite(size: Size) -> list[Line]:
    return _bench("pulse-close-sqlite", databases.sqlite(), size, SQLITE_TIMES)


def on_postgresql(size: Size) -> list[Line]:
    return _bench("pulse-close-postgresql", databases.postgresql(), size, POSTGRESQL_TIMES)


def memory_on_sqlite(size: Size) -> list[Line]:
    return _memory("pulse-close-memory-sqlite", databases.sqlite(), size)


def memory_on_postgresql(size: Size) -> list[Line]:
    return _memory("pulse-close-memory-postgresql", databases.postgresql(), size)


def _memory(name: str, database: AbstractContextManager[Engine], size: Size) -> list[Line]:
    """Peak MB of a process that closes a wave of many ("ours") and of one that closes a wave of few ("floor")."""
    with database as engine, databases.folder() as folder:
        pulse_rows.prepare(engine, size.many)
        few, many = (_peak_mb(engine, folder, number, people) for number, people in enumerate((size.few, size.many)))
    return [at_most(name, many, few, "MB", MOST_MB)]


def _peak_mb(engine: Engine, folder: Path, number: int, people: int) -> float:
    keys = KeyDirectory(folder / "keys")
    wave = pulse_rows.begin(session_factory(engine), keys, number)
    pulse_rows.fill(engine, keys, wave, people)
    # The connections of this process would be in the way of the wiping.
    engine.dispose()
    return peak_mb(close_all, engine.url.render_as_string(hide_password=False), folder / "keys", wave)


def close_all(database_url: str, keys: Path, wave: Wave) -> None:
    """Close the wave; the connection is this process's own."""
    _close(open_engine(database_url), KeyDirectory(keys), wave)


def _bench(name: str, database: AbstractContextManager[Engine], size: Size, limit: float) -> list[Line]:
    """Median seconds. Ours reads, checks, opens, counts and deletes all ballots, publishes, wipes and destroys the
    keys, wave after wave; the floor opens the same ballots, which are in memory already, one after the other.
    """
    ours, floor = [], []
    with database as engine, databases.folder() as folder:
        keys = KeyDirectory(folder / "keys")
        pulse_rows.prepare(engine, size.many)
        for number in range(size.repeats):
            wave = pulse_rows.begin(session_factory(engine), keys, number)
            pulse_rows.fill(engine, keys, wave, size.many)
            sealed = list(pulse_rows.ciphertexts(session_factory(engine), wave))
            assert len(sealed) == size.many
            floor.append(_open(sealed, keys.load(wave.id, wave.key_mark).private, wave))
            ours.append(_close(engine, keys, wave))
    return [at_most_times(name, median(ours), median(floor), "s", limit)]


def _open(sealed: Sequence[bytes], private: X25519PrivateKey | None, wave: Wave) -> float:
    """Seconds to open them all."""
    assert private is not None
    info = wave.id.encode()
    started = time.perf_counter()
    for each in sealed:
        SUITE.decrypt(each, private, info=info)
    return time.perf_counter() - started


def _close(engine: Engine, keys: KeyDirectory, wave: Wave) -> float:
    """Seconds until everybody sees the results."""
    started = time.perf_counter()
    closed = close(session_factory(engine), keys, wave.closes_at)
    seconds = time.perf_counter() - started
    assert closed is not None and (closed.state, closed.outcome) == ("closed", "results")
    return seconds
