"""What every source of usage is, whether it reads a file or, later, asks a tool's API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from bot.usage.catalogue import ConsentClass, Identifier
from bot.usage.report import Report

Value = str | int | bool | None
UsageRow = tuple[Value, ...]
Door = Mapping[str, Mapping[str, str]]
Granularity = Literal["day", "week"]


@dataclass(frozen=True)
class Reading:
    """What a source is given: the door (tool → identity → person id), the report, the latest day that can be.

    The door holds nobody but consenting people: whose identity is not in it, of them nothing else is looked at.
    `since` is the first day, by (person id, tool), that they agreed to; rows of earlier days are dropped too.
    """

    door: Door
    since: Mapping[tuple[str, str], str]
    report: Report
    latest: date


@dataclass(frozen=True)
class Usage:
    """Usage of consenting people: (person id, tool, surface, day, then a value for each of `columns`)."""

    columns: tuple[str, ...]
    granularity: Granularity
    rows: Iterator[UsageRow]


class Source(Protocol):
    """A source of usage days."""

    @property
    def name(self) -> str: ...

    @property
    def tools(self) -> tuple[str, ...]: ...

    @property
    def identifier(self) -> Identifier: ...

    @property
    def consent_class(self) -> ConsentClass: ...

    @property
    def schema_version(self) -> str: ...

    def read(self, parts: Iterator[str], reading: Reading) -> Usage:
        """Reads the text lazily. Raises `Refused` when it is not of this source as a whole."""
        ...
