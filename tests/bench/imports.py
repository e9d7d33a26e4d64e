"""The import of a large file, beside the least that could do it."""

from pathlib import Path

from tests.bench import databases, import_bench
from tests.bench.lines import Line, at_most_times
from tests.bench.memory import peak_mb
from tests.bench.size import Size

SQLITE_MOST, POSTGRESQL_MOST, MEMORY_MOST = 1.5, 3, 1.2


def sqlite_few(size: Size) -> list[Line]:
    """Seconds for a file of which 5 % of the people consented, beside csv.reader and executemany."""
    with databases.folder() as folder:
        measure = import_bench.sqlite(folder, size.rows, 5)
    return [at_most_times("import-sqlite-5", measure.ours, measure.floor, "s", SQLITE_MOST)]


def sqlite_all(size: Size) -> list[Line]:
    """The same when everybody consented."""
    with databases.folder() as folder:
        measure = import_bench.sqlite(folder, size.rows, 100)
    return [at_most_times("import-sqlite-100", measure.ours, measure.floor, "s", SQLITE_MOST)]


def sqlite_utils(size: Size) -> list[Line]:
    """`sqlite-utils insert --csv`, which has no door and no checks, with a tenth of the rows: it is slow."""
    rows = size.rows // 10
    with databases.folder() as folder:
        ours = import_bench.sqlite(folder, rows, 100, rounds=1).ours
        plain = import_bench.sqlite_utils_insert(folder, rows)
    return [Line("import-sqlite-utils", ours, plain, "s")]


def postgresql_all(size: Size) -> list[Line]:
    """Seconds when everybody consented, beside csv.reader and COPY."""
    with databases.postgres_url() as url, databases.folder() as folder:
        measure = import_bench.postgresql(url, folder, size.rows, 100)
    return [at_most_times("import-postgresql-100", measure.ours, measure.floor, "s", POSTGRESQL_MOST)]


def memory(size: Size) -> list[Line]:
    """Peak MB of a process that imports the file ("ours") and of one that imports two fifths of it ("floor").

    With much less than that, the caches of fixed size are not full yet: what they take would look like growth.
    """
    with databases.folder() as folder:
        many, few = (_peak_mb(folder, rows) for rows in (size.rows, size.rows * 2 // 5))
    return [at_most_times("import-memory", many, few, "MB", MEMORY_MOST)]


def _peak_mb(folder: Path, rows: int) -> float:
    people, source, database = import_bench.consenting(rows, 100), folder / "usage.csv", folder / f"{rows}.db"
    import_bench.write_file(source, rows)
    import_bench.prepare(f"sqlite:///{database}", people)
    return peak_mb(import_bench.import_sqlite, database, source, people)
