"""What holds for every file, tried with files nobody thought of."""

import io
import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from bot.usage.logins import read_logins
from bot.usage.report import Refused, Report
from bot.usage.sources import SOURCES
from bot.usage.text import blocks
from storage.database import SessionFactory
from storage.tables import Person, UsageDay, UsageImport
from tests.usage.world import (
    ANA,
    BEN,
    EMAILS,
    LOGINS,
    bring,
    claude,
    copilot,
    cursor,
    join,
    page,
    read_only,
    stored,
    table,
)

DOOR = {EMAILS[ANA]: ANA, EMAILS[BEN]: BEN, LOGINS[ANA]: ANA}
HEADER = "email,tool,surface,day,prompts,active,credits"
SOURCE = st.sampled_from(sorted(SOURCES))
PIECES = st.sampled_from(
    [
        HEADER, "\n",
        "\r\n", ",", '"', "{", "}", "[", "]", ":", "\\", "\0", "\ufeff", "\u2028", "é", "-1", "1e5", "NaN",
        EMAILS[ANA], "chatgpt", "chat", "2026-11-16", "2026-02-30", '"data":[', '"actor"', '"user_login"', '"email"',
        json.dumps(claude()), json.dumps(copilot()), json.dumps(cursor()), page(claude(), has_more=True), "null",
        "true",
    ]
)  # fmt: skip
TEXT = st.lists(PIECES, max_size=30).map("".join)
BYTES = st.one_of(st.binary(max_size=300), TEXT.map(str.encode), TEXT.map(lambda text: text.encode("utf-16")))
JSON: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("2026-11-16")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)


def _read(source: str, data: bytes) -> Report | None:
    try:
        rows, report = read_only(source, blocks(io.BytesIO(data)), DOOR)
    except Refused:
        return None
    assert all(row[0] in (ANA, BEN) and row[1] in SOURCES[source].tools for row in rows)
    return report


@given(SOURCE, BYTES)
@settings(max_examples=400, deadline=None)
def test_no_bytes_whatever_make_a_source_fail(source: str, data: bytes) -> None:
    report = _read(source, data)
    assert report is None or report.read == report.kept + report.dropped + report.rejected_total


@given(SOURCE, TEXT, st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_it_does_not_matter_how_a_stream_cuts_its_bytes(source: str, text: str, size: int) -> None:
    def result(parts: list[str]) -> object:
        try:
            rows, report = read_only(source, parts, DOOR)
        except Refused as refused:
            return refused.rejection
        return rows, report

    assert result([text]) == result([text[at : at + size] for at in range(0, len(text), size)])


@given(st.sampled_from([("claude-code", claude), ("copilot", copilot), ("cursor", cursor)]), st.data())
@settings(max_examples=300, deadline=None)
def test_any_value_in_any_place_of_a_row_is_taken_or_rejected(source: tuple[str, Any], data: st.DataObject) -> None:
    name, row = source
    places = st.sampled_from(sorted(row()))
    changed = row() | data.draw(st.dictionaries(places, JSON, max_size=3))
    report = _read(name, json.dumps(changed).encode())
    assert report is not None
    assert report.read == 1


@given(BYTES)
@settings(max_examples=200, deadline=None)
def test_no_bytes_whatever_make_the_list_of_logins_fail(data: bytes) -> None:
    try:
        logins = read_logins(blocks(io.BytesIO(data)), {EMAILS[ANA]: ANA}, Report())
    except Refused:
        return
    assert set(logins) <= {ANA}


CELL = st.one_of(st.none(), st.integers(0, 10**12 - 1))
ROWS = st.lists(
    st.tuples(
        st.sampled_from([ANA, BEN]),
        st.sampled_from(["chat", "api"]),
        st.sampled_from(["2026-11-16", "2026-11-17"]),
        CELL,
        st.sampled_from([None, 0, 1]),
        st.one_of(st.none(), st.integers(0, 10**9)),
    ),
    max_size=12,
)


def _total(values: list[Any]) -> Any:
    reported = [value for value in values if value is not None]
    return sum(reported) if reported else None


@given(rows=ROWS, seed=st.integers(), parts=st.integers(1, 3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_a_file_is_shuffled_and_split_by_key_the_totals_are_the_same(
    sessions: SessionFactory, rows: list[tuple[Any, ...]], seed: int, parts: int
) -> None:
    _start_again(sessions)
    shuffled = random.Random(seed).sample(rows, len(rows))
    for part in range(parts):
        lines = [
            f"{EMAILS[row[0]]},chatgpt,{row[1]},{row[2]},{','.join('' if v is None else str(v) for v in row[3:])}"
            for row in shuffled
            if sum(map(ord, "".join(row[:3]))) % parts == part
        ]
        bring(sessions, table(*lines, header=HEADER), "csv")
    found = {key: (row.get("prompts"), row.get("active"), row.get("credits")) for key, row in stored(sessions).items()}
    assert found == _expected(rows)


def _expected(rows: list[tuple[Any, ...]]) -> dict[Any, Any]:
    by_key: dict[Any, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_key.setdefault((row[0], "chatgpt", row[1], row[2]), []).append(row[3:])
    expected = {}
    for key, values in by_key.items():
        prompts, active, credits = (list(column) for column in zip(*values, strict=True))
        used = _total(active)
        expected[key] = (_total(prompts), None if used is None else used > 0, _total(credits))
    return expected


def _start_again(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        session.exec(delete(UsageDay))
        session.exec(delete(UsageImport))
        known = _is_known(session)
    if not known:
        join(sessions, ANA, "chatgpt")
        join(sessions, BEN, "chatgpt")


def _is_known(session: Session) -> bool:
    return session.get(Person, ANA) is not None
