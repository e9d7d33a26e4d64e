"""The bench's own figures stand on the same rows on both sides."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bench import import_bench


def test_the_floor_and_the_import_store_the_same_rows(tmp_path: Path) -> None:
    source, people = tmp_path / "usage.csv", import_bench.consenting(2000, 30)
    import_bench.write_file(source, 2000)
    stored = []
    for run in (import_bench.import_floor_sqlite, import_bench.import_sqlite):
        database = tmp_path / f"{run.__name__}.db"
        import_bench.prepare(f"sqlite:///{database}", people)
        run(database, source, people)
        stored.append(_rows(database))
    assert stored[0] == stored[1]
    assert len(stored[0]) == 600


def _rows(database: Path) -> list[tuple[object, ...]]:
    """The floor stores an empty cell as it stands in the file."""
    with closing(sqlite3.connect(database)) as connection:
        names = ", ".join(f"nullif({name}, '')" for name in import_bench.COLUMNS)
        return connection.execute(
            f"SELECT person_id, tool, surface, day, {names} FROM usage_day ORDER BY 1, 4"
        ).fetchall()


def test_a_small_bench_measures_both_databases(tmp_path: Path, postgres_url: str) -> None:
    for measure in (
        import_bench.sqlite(tmp_path, 1000, 100, rounds=1),
        import_bench.postgresql(postgres_url, tmp_path, 1000, 100, rounds=1),
    ):
        assert measure.ours > 0
        assert measure.floor > 0
