"""Every bench runs, and says what it has to say; how fast it is, is for `make bench` to find out."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import Engine

from storage.database import session_factory
from tests.bench import databases, lines
from tests.bench.__main__ import BENCHES, chosen
from tests.bench.checkin_floor import RawCheckIns, copy_database
from tests.bench.checkin_work import TimedAck, join, person_id, record, submit
from tests.bench.lines import Line, at_most, at_most_times
from tests.bench.size import TINY
from tests.candor import Inline, running

KEYS = ["name", "ours", "floor", "unit", "ratio", "target", "holds"]


@pytest.fixture
def sqlite_only() -> Iterator[Engine]:
    with databases.sqlite() as engine:
        yield engine


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_measures_ours_and_the_floor(name: str, tmp_path: Path) -> None:
    found = BENCHES[name](TINY)
    lines.write(found, tmp_path / "bench.json")
    written = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert written[0]["name"] == name
    for line in written:
        assert list(line) == KEYS
        assert line["ours"] > 0
        assert line["floor"] > 0
        assert line["ratio"] == pytest.approx(line["ours"] / line["floor"])
        assert (line["target"] is None) == (line["holds"] is None)


def test_the_bare_app_stores_the_same_check_in_as_ours(sqlite_only: Engine, tmp_path: Path) -> None:
    with running(session_factory(sqlite_only)) as candor:
        join(candor, [person_id(1)])
        work = record(candor)
        copy = copy_database(sqlite_only, tmp_path / "floor.db")
        raw = RawCheckIns(copy, work)
        bare = raw.app(candor.client, candor.sandbox.signing_secret, Inline())
        for app in (candor.app, bare):
            assert submit(app, work.body(person_id(1)), TimedAck()) > 0
        raw.close()
    stored = [_check_ins(Path(str(sqlite_only.url.database))), _check_ins(copy)]
    assert stored[0] == stored[1]
    assert person_id(1) in {row[0] for row in stored[0]}


def _check_ins(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT * FROM check_in ORDER BY person_id").fetchall()


def test_a_line_holds_up_to_its_limit_and_not_beyond() -> None:
    assert at_most_times("x", 2.0, 1.0, "s", 2).holds is True
    assert at_most_times("x", 2.1, 1.0, "s", 2).holds is False
    assert at_most("x", 300, 1, "ms", 300).holds is True
    assert at_most("x", 301, 400, "ms", 300).holds is False


def test_the_table_says_which_targets_are_missed(capsys: pytest.CaptureFixture[str]) -> None:
    found = [at_most_times("fast", 1, 1, "s", 2), at_most_times("slow", 3, 1, "s", 2), Line("beside", 1, 2, "s")]
    lines.show(found, Console(width=120))
    printed = capsys.readouterr().out.splitlines()
    rows = {name: row for row in printed for name in ("fast", "slow", "beside") if name in row}
    assert "yes" in rows["fast"]
    assert "NO" in rows["slow"]
    assert "for information" in rows["beside"]


def test_one_bench_or_a_family_can_be_chosen() -> None:
    assert chosen("checkin-ack-http") == ["checkin-ack-http"]
    assert chosen("digest-compose") == ["digest-compose-sqlite", "digest-compose-postgresql"]
    assert chosen(None) == list(BENCHES)
    assert chosen("no such") == []
