"""Damage in JSON: only what is broken is lost, in bounded memory."""

import json
import tracemalloc
from collections.abc import Iterable

import pytest

from bot.usage.report import Refused
from bot.usage.text import BLOCK
from tests.usage.world import ANA, BEN, EMAILS, LOGINS, claude, copilot, page, read_only

DOOR = {EMAILS[ANA]: ANA, EMAILS[BEN]: BEN, LOGINS[ANA]: ANA, LOGINS[BEN]: BEN}
FIRST, LAST = json.dumps(claude()), json.dumps(claude(EMAILS[BEN]))
ROW = "is not valid JSON of a row"


def _read(parts: str | Iterable[str], source: str = "claude-code") -> tuple[list[str], list[tuple[int, str]]]:
    rows, report = read_only(source, [parts] if isinstance(parts, str) else parts, DOOR)
    return [str(row[0]) for row in rows], [(each.line, each.reason) for each in report.rejected]


@pytest.mark.parametrize(
    "broken",
    [
        '{"actor": {"email_address": "x"}, "date": 01}',
        '{"actor": {"email_address": "x" "y"}}',
        '{"actor": {"email_address": "}]"}, oops}',
        '{"actor": "\\',
        '{"actor": {"email_address": "ana',
        "{]",
    ],
)
def test_a_broken_line_among_lines_costs_only_itself(broken: str) -> None:
    assert _read(f"{FIRST}\n{broken}\n{LAST}\n") == ([ANA, BEN], [(2, ROW)])


@pytest.mark.parametrize(
    "broken",
    ['{"actor": 01}', '{"a": {"b": [1, 2}]}', '{"a": "x\\"]}"  "}]"}', "17", '"[{"', "null", "[]x", "{}}"],
)
def test_a_broken_row_in_a_list_costs_only_itself(broken: str) -> None:
    people, rejected = _read(f'{{"data": [{FIRST},\n{broken},{LAST}], "has_more": false}}')
    assert people == [ANA, BEN]
    assert rejected
    assert {line for line, _ in rejected} == {2}


def test_a_string_without_its_quote_ends_with_its_line() -> None:
    people, rejected = _read(f'[{FIRST},\n{{"actor": "oops}},\n{{"x": 1}}}},\n{LAST}]')
    assert people == [ANA, BEN]
    assert rejected[0][0] == 2


def test_a_file_that_breaks_off_keeps_what_came_before() -> None:
    people, rejected = _read(f'{{"data": [{FIRST},\n{LAST[:80]}')
    assert people == [ANA]
    assert rejected == [(2, ROW), (2, "the JSON breaks off before its end")]


def test_rows_are_found_however_the_text_is_cut_into_parts() -> None:
    content = page(claude(), claude(EMAILS[BEN]), has_more=False) + f"\n{FIRST}\n{{\\\n{LAST}"
    for size in (1, 2, 3, 7, 100):
        parts = [content[at : at + size] for at in range(0, len(content), size)]
        assert _read(parts) == ([ANA, BEN, ANA, BEN], [(3, ROW)])


@pytest.mark.parametrize("content", ["", "   \n"])
def test_nothing_at_all_is_refused(content: str) -> None:
    with pytest.raises(Refused, match="the file is empty"):
        _read(content)


@pytest.mark.parametrize("content", ["email,tool\n", "<html>", "null", '"x"'])
def test_what_is_not_json_of_rows_is_refused(content: str) -> None:
    with pytest.raises(Refused, match="it has to begin with"):
        _read(content)


@pytest.mark.parametrize("content", ["[]", '{"data": []}', '{"data": [], "has_more": false}'])
def test_an_empty_list_is_no_fault(content: str) -> None:
    assert _read(content) == ([], [])


def test_an_answer_that_is_an_error_is_not_taken_for_a_row() -> None:
    assert _read('{"type": "error", "error": {"message": "no"}}') == ([], [(1, "does not say whose row it is")])


def test_deep_nesting_is_a_broken_row() -> None:
    deep = '{"actor": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert _read(f"{FIRST}\n{deep}\n{LAST}") == ([ANA, BEN], [(2, ROW)])
    assert _read("[" * 3 + FIRST + "]" * 3 + "\n" + LAST) == ([ANA, BEN], [])
    assert _read("[" * 50 + FIRST + "]" * 50 + "\n" + LAST)[0][-1:] == [BEN]


def test_a_number_of_five_thousand_digits_is_a_broken_row() -> None:
    assert _read(f'{FIRST}\n{{"actor": 1, "x": {"9" * 5000}}}\n{LAST}') == ([ANA, BEN], [(2, ROW)])


def test_a_long_row_is_read_and_its_length_does_not_matter_up_to_1_mb() -> None:
    padded = json.dumps(claude(padding="x" * 900_000))
    assert _read([padded[:500_000], padded[500_000:] + LAST]) == ([ANA, BEN], [])


@pytest.mark.parametrize("opening", ["", "["])
def test_a_line_of_50_mb_is_refused_by_its_number_in_little_memory_and_the_rest_goes_on(opening: str) -> None:
    def parts() -> Iterable[str]:
        yield f'{opening}{FIRST}\n{{"actor": "'
        for _ in range(200):
            yield 'x\\"{' * (BLOCK // 4)
        yield f'"}}\n{LAST}'

    tracemalloc.start()
    people, rejected = _read(parts())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert people == [ANA, BEN]
    assert rejected[0] == (2, "is longer than 1 MB")
    assert peak < 40 * BLOCK


def test_a_million_rows_in_one_list_take_no_more_memory_than_a_few() -> None:
    row = json.dumps({"day": "2026-11-16", "user_login": "nobody-here"}) + ","

    def parts(blocks: int) -> Iterable[str]:
        yield '{"day_totals": ['
        for _ in range(blocks):
            yield row * (BLOCK // len(row))
        yield json.dumps(copilot()) + "]}"

    def peak(blocks: int) -> int:
        tracemalloc.start()
        people, rejected = _read(parts(blocks), "copilot")
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (set(people), rejected) == ({ANA}, [])
        return highest

    assert peak(30) < 1.2 * peak(3)
