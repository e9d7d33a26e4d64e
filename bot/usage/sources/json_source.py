"""A tool whose reports are JSON: one row a person and day, read row by row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.usage.catalogue import ConsentClass, Identifier
from bot.usage.json_rows import JsonRows
from bot.usage.sources.source import Reading, Usage, UsageRow, Value
from bot.usage.values import BadValue, Record

Surfaces = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class JsonSource:
    """`wrapper` names the list in a page, `mark` the member of a row that holds the identity.

    `whose` finds the identity in a row, `day` its day, and `surfaces` the counts by surface.
    """

    tool: str
    schema_version: str
    identifier: Identifier
    wrapper: str
    mark: str
    columns: tuple[str, ...]
    whose: Callable[[Record], str | None]
    day: Callable[[Record, date], str]
    surfaces: Callable[[Record], Surfaces]
    consent_class: ConsentClass = "door"

    @property
    def name(self) -> str:
        return self.tool

    @property
    def tools(self) -> tuple[str, ...]:
        return (self.tool,)

    def read(self, parts: Iterator[str], reading: Reading) -> Usage:
        return Usage(self.columns, "day", self._rows(parts, reading))

    def _rows(self, parts: Iterator[str], reading: Reading) -> Iterator[UsageRow]:
        people, report = reading.door.get(self.tool, {}), reading.report
        for line, record in JsonRows(parts, self.wrapper, self.mark, report).records():
            person = people.get(self.whose(record) or "")
            if person is None:
                report.dropped += 1
                continue
            try:
                rows = self._days(person, record, reading.latest)
            except BadValue as bad:
                report.reject(line, bad.reason, bad.column, report.read + 1)
                continue
            if rows and str(rows[0][3]) < reading.since[person, self.tool]:
                report.dropped += 1
                continue
            report.kept += 1
            yield from rows

    def _days(self, person: str, record: dict[str, Any], latest: date) -> list[UsageRow]:
        day = self.day(record, latest)
        return [
            (person, self.tool, surface, day, *(counts.get(column) for column in self.columns))
            for surface, counts in self.surfaces(record).items()
            if any(value is not None for value in counts.values())
        ]
