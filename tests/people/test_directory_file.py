"""The directory file, cell by cell, and the hierarchy in it; no database."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import directory_file, hierarchy
from bot.people.directory_file import LARGEST, Refusal

HEADER = "email,team,manager\n"


def _read(text: str | bytes) -> tuple[dict[int, str], list[Refusal]]:
    data = text.encode() if isinstance(text, str) else text
    file = directory_file.read(io.BytesIO(data))
    return hierarchy.resolve(file), file.refusals


def test_a_file_with_bom_crlf_and_blank_lines_is_read() -> None:
    text = '\ufeffEmail, Team ,MANAGER\r\n\r\na@x.example,"Engineering/  Payments ",YES\r\n,,\r\n'
    file = directory_file.read(io.BytesIO(text.encode()))
    (entry,) = file.entries
    assert (entry.line, entry.email, entry.is_manager) == (3, "a@x.example", True)
    assert hierarchy.resolve(file) == {3: "Engineering / Payments"}
    assert not file.refusals


@pytest.mark.parametrize(("word", "flag"), [("yes", True), ("TRUE", True), ("1", True), ("no", False), ("", False)])
def test_the_manager_column_takes_yes_and_no_in_several_words(word: str, flag: bool) -> None:
    file = directory_file.read(io.BytesIO(f"{HEADER}a@x.example,A,{word}\n".encode()))
    assert [entry.is_manager for entry in file.entries] == [flag]


def test_a_name_written_with_combined_signs_is_the_same_team() -> None:
    paths, refusals = _read(HEADER + "a@x.example,Zürich,\nb@x.example,Zu\u0308rich,\n")
    assert set(paths.values()) == {"Zürich"}
    assert not refusals


def test_columns_that_nothing_looks_at_are_named_and_may_hold_anything() -> None:
    text = "email,team,manager,Phone\x07\na@x.example,A,no,+44 20\n"
    file = directory_file.read(io.BytesIO(text.encode()))
    assert (len(file.entries), file.ignored_columns) == (1, ("phone?",))


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("=cmd|calc!A1,A,no", "email", "formula"),
        ("a@x.example,+A,no", "team", "formula"),
        ("a@x.example,A / @SUM(1),no", "team", "formula"),
        ("a@x.example, -A,no", "team", "formula"),
        ("a@x.example,\tA,no", "team", "control"),
        ("a@x.example,A\u202eB,no", "team", "control"),
        ('a@x.example,"A\nB",no', "team", "control"),
        ("a@x.example,A\x00,no", "team", "control"),
        ("a@x.example,A,maybe", "manager", "neither yes nor no"),
        ("not an address,A,no", "email", "not an email"),
        (",A,no", "email", "names no person"),
        ("a@x.example,A", "", "2 columns where the header has 3"),
        ("a@x.example,A,no,more", "", "4 columns where the header has 3"),
        ("a@x.example,A / / B,no", "team", "empty part"),
        ("a@x.example,A /,no", "team", "empty part"),
        ("a@x.example,A / B / a,no", "team", "circle"),
        ("a@x.example,1/2/3/4/5/6/7,no", "team", "deeper than 6"),
        (f"a@x.example,{'x' * 81},no", "team", "more than 80"),
        ('a@x.example,"A"B,no', "", "not readable as CSV"),
        ('a@x.example,"A,no', "", "not readable as CSV"),
        (f"a@x.example,{'x' * 200_000},no", "", "not readable as CSV"),
    ],
)
def test_a_bad_line_is_refused_by_line_column_and_reason(row: str, column: str, reason: str) -> None:
    _, refusals = _read(f"{HEADER}good@x.example,Z,no\n{row}\n")
    assert [(each.line, each.column) for each in refusals] == [(3, column)]
    assert reason in refusals[0].reason


@pytest.mark.parametrize(
    ("data", "column", "reason"),
    [
        (b"", "", "empty"),
        (b"\xef\xbb\xbf \n", "", "empty"),
        ("email,team\n".encode("utf-16"), "", "UTF-16"),
        (b"email,manager\n", "team", "missing"),
        (b"email,team\n", "manager", "missing"),
        (b"name,team,manager\n", "email", "missing"),
        (b"email,team,manager,team\n", "team", "twice"),
        (b"email;team;manager\n", "", "semicolons"),
        (b"email\tteam\tmanager\n", "", "tabs"),
        (b"email|team|manager|title, long\n", "", "vertical bars"),
        (b"x" * (LARGEST + 1), "", "larger than 20 MB"),
    ],
)
def test_a_file_that_is_no_directory_is_refused_as_a_whole(data: bytes, column: str, reason: str) -> None:
    _, refusals = _read(data)
    assert [(each.line, each.column) for each in refusals] == [(1, column)]
    assert reason in refusals[0].reason


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    _, (refusal,) = _read(HEADER.encode() + b"a@x.example,A,\nb@x.example,\xff\xfe,\n")
    assert (refusal.line, "UTF-8" in refusal.reason) == (3, True)


def test_a_team_spelled_in_two_ways_is_refused_where_the_second_stands() -> None:
    _, (refusal,) = _read(HEADER + "a@x.example,Sales / West,\nb@x.example,SALES / East,\n")
    assert (refusal.line, refusal.column) == (3, "team")
    assert "line 2" in refusal.reason


PARENTS = "email,team,parent,manager\n"


def test_teams_given_by_their_parent_make_the_same_paths() -> None:
    rows = "a@x.example,Payments,Engineering,no\nb@x.example,Engineering,Company,yes\nc@x.example,,,no\n"
    paths, refusals = _read(PARENTS + rows)
    assert paths == {2: "Company / Engineering / Payments", 3: "Company / Engineering"}
    assert not refusals


@pytest.mark.parametrize(
    ("rows", "lines", "reason"),
    [
        ("a@x.example,A,B,\nb@x.example,B,A,\n", [2, 3], "circle"),
        ("a@x.example,A,A,\n", [2], "circle"),
        ("a@x.example,A,B,\nb@x.example,A,C,\n", [3], "another parent than line 2"),
        ("a@x.example,A,B,\nb@x.example,A,,\n", [3], "another parent than line 2"),
        ("a@x.example,,B,\n", [2], "empty where a parent is given"),
        ("a@x.example,A / B,C,\n", [2], "each cell holds one name"),
        ("".join(f"{n}@x.example,T{n},T{n + 1},\n" for n in range(60)), [*range(2, 57)], "deeper"),
    ],
)
def test_circles_and_second_parents_are_refused(rows: str, lines: list[int], reason: str) -> None:
    _, refusals = _read(PARENTS + rows)
    assert [each.line for each in refusals] == lines
    assert all(reason in each.reason for each in refusals)


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["a@x.example", "A", "A / B", "B / A", "A / B / A", "yes", "=1", '"', "", "\t", "\r"]),
)
ROW = st.lists(CELL, min_size=1, max_size=5).map(",".join)


@given(st.sampled_from([HEADER, PARENTS, "slack_id,team,manager\n", ""]), st.lists(ROW, max_size=8))
def test_any_text_gives_paths_of_good_names_or_refusals(header: str, rows: list[str]) -> None:
    paths, _ = _read((header + "\n".join(rows)).encode("utf-8", "replace"))
    for path in paths.values():
        names = path.split(" / ")
        assert 1 <= len(names) <= 6
        assert all(name == name.strip() and 0 < len(name) <= 80 for name in names)
        assert len({name.casefold() for name in names}) == len(names)


@given(st.binary(max_size=300))
def test_any_bytes_without_a_team_column_are_refused(data: bytes) -> None:
    paths, refusals = _read(data)
    assert refusals or b"team" in data.lower()
    assert not paths or not refusals or min(paths) > 1
