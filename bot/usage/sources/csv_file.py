"""Our own CSV template, for tools that only export tables; see `csv_header` for the columns."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.usage.catalogue import TOOLS, ConsentClass, Identifier
from bot.usage.report import Refused
from bot.usage.sources.csv_cells import ToolLines, tool_lines
from bot.usage.sources.csv_header import Header, read_header
from bot.usage.sources.source import Reading, Usage, UsageRow
from bot.usage.text import lines
from bot.usage.values import BadValue

_TOO_LONG = "is longer than 64 KB"


@dataclass(frozen=True)
class CsvFile:
    """Every tool by one table; people are known by their email address, whatever the tool."""

    name: str = "csv"
    tools: tuple[str, ...] = tuple(TOOLS)
    identifier: Identifier = "email"
    consent_class: ConsentClass = "door"
    schema_version: str = "candor-csv 1"

    def read(self, parts: Iterator[str], reading: Reading) -> Usage:
        report = reading.report
        numbered = lines(parts, lambda number: report.reject(number, _TOO_LONG))
        header = _header(numbered, reading)
        columns = (*header.amounts, "credit_unit") if "credits" in header.amounts else header.amounts
        return Usage(columns, header.granularity, _Lines(header, reading).rows(numbered))


def _header(numbered: Iterator[tuple[int, str]], reading: Reading) -> Header:
    """The header on the first line that is not blank. Raises `Refused` after every reason but the last is noted."""
    number, line = next(((number, line) for number, line in numbered if line.strip()), (1, ""))
    if not line:
        raise Refused("the file is empty" if not reading.report.rejected_total else _TOO_LONG)
    problems: list[tuple[str, str | None]] = []
    header = read_header(line, lambda reason, column: problems.append((reason, column)))
    if header is None:
        *others, last = problems
        for reason, column in others:
            reading.report.reject(number, reason, column)
        raise Refused(*last, line=number)
    return header


class _Lines:
    """The lines under one header, seen through the door."""

    def __init__(self, header: Header, reading: Reading) -> None:
        self._email = header.names.index("email")
        self._tool = header.names.index("tool")
        self._report = reading.report
        self._since: Mapping[Any, Any] = reading.since
        self._readers: dict[str, ToolLines] = tool_lines(header, tuple(TOOLS), reading.latest)
        self._tools_of: dict[str, dict[str, str]] = {}
        for tool, people in reading.door.items():
            for email, person in people.items():
                self._tools_of.setdefault(email, {})[tool] = person

    def rows(self, numbered: Iterator[tuple[int, str]]) -> Iterator[UsageRow]:
        email, tool, report = self._email, self._tool, self._report
        tools_of, readers, since = self._tools_of, self._readers, self._since
        for number, line in numbered:
            if '"' in line:
                row = self._closer(number, line)
            else:
                # The identity first: of a line of somebody else nothing more is looked at.
                people = tools_of.get(_cell(line, email).strip().lower())
                if people is None:
                    report.dropped += line not in ("", "\r")
                    continue
                name = _cell(line, tool)
                person = people.get(name)
                values = readers[name].take(line) if person is not None else None
                row = self._closer(number, line) if values is None else (person, name, *values)
            if row is None:
                continue
            if row[3] < since[row[0], row[1]]:
                report.dropped += 1
                continue
            report.kept += 1
            yield row

    def _closer(self, number: int, line: str) -> UsageRow | None:
        """The row of a line that quotes cells or has something wrong; None when it is dropped or rejected."""
        try:
            cells = next(csv.reader([line.removesuffix("\r")], strict=True), [])
        except csv.Error:
            self._report.reject(number, "is not readable as CSV")
            return None
        people = self._tools_of.get(_at(cells, self._email).strip().lower())
        tool = _at(cells, self._tool)
        if people is None or (tool in TOOLS and tool not in people):
            self._report.dropped += 1
            return None
        try:
            return self._taken_apart(people, tool, cells)
        except BadValue as bad:
            self._report.reject(number, bad.reason, bad.column)
            return None

    def _taken_apart(self, people: dict[str, str], tool: str, cells: list[str]) -> UsageRow:
        if tool not in TOOLS:
            raise BadValue("tool", f"is none of {', '.join(TOOLS)}")
        return (people[tool], tool, *self._readers[tool].take_apart(cells))


def _cell(line: str, place: int) -> str:
    """The cell at `place` of a line without quotes; "" when the line is too short."""
    return line.partition(",")[0] if place == 0 else _at(line.split(",", place + 1), place)


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


CSV_FILE = CsvFile()
