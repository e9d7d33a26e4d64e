"""One line of our CSV template: a pattern that takes a good line at once, and the reasons for any other.

A line with a million others is matched by one regular expression made from the header; only a line that does not
match is taken apart cell by cell, to say why.
"""

import re
from collections.abc import Sequence
from datetime import date

from bot.usage.catalogue import SURFACES, TOOLS, Tool
from bot.usage.sources.csv_header import AMOUNTS, PERIODS, Header
from bot.usage.sources.source import Granularity, UsageRow, Value
from bot.usage.values import BadValue, day_problem

_NEVER = "(?:()(?!))?"
_PATTERNS = {"active": "[01]", "credits": r"[0-9]{1,12}(?:\.[0-9]{1,6})?"}
_COUNT = "[0-9]{1,12}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NEGATIVE = re.compile(r"-[0-9]+(?:\.[0-9]+)?")


class Periods:
    """Which days, or weeks by their Monday, can be; each is looked at once."""

    def __init__(self, granularity: Granularity, latest: date) -> None:
        self._weekly = granularity == "week"
        self._latest = latest
        self.good: set[str] = set()

    def problem(self, text: str) -> str | None:
        """Why the cell is no period; None when it is one, which is remembered in `good`."""
        if not re.fullmatch(_DAY, text, re.ASCII):
            return "is not a day written as YYYY-MM-DD"
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return "is not a day of the calendar"
        problem = day_problem(day, self._latest)
        if problem is None and self._weekly and day.weekday() != 0:
            return "is not a Monday; weeks begin on Mondays"
        if problem is None:
            self.good.add(text)
        return problem


class ToolLines:
    """Reads the lines of one tool under one header into rows, without the person."""

    def __init__(self, header: Header, tool: Tool, periods: Periods) -> None:
        self._header = header
        self._tool = tool
        self._periods = periods
        self._has_credits = "credits" in header.amounts
        self._credits_at = 2 + header.amounts.index("credits") if self._has_credits else 0
        names = [name for name in header.names if name not in ("email", "tool")]
        self._order = [names.index(name) + 1 for name in ("surface", header.period, *header.amounts)]
        cells = ",".join(_cell_pattern(name, tool) for name in header.names)
        self._match = re.compile(cells + r"\r?", re.ASCII).fullmatch

    def take(self, line: str) -> UsageRow | None:
        """(surface, day, the header's amounts …, and the credits' unit); None when the line needs a closer look."""
        match = self._match(line)
        if match is None:
            return None
        values = match.group(*self._order)
        return self._with_unit(values) if values[1] in self._periods.good else None

    def take_apart(self, cells: Sequence[str]) -> UsageRow:
        """The same of a line given by its cells. Raises `BadValue` for the first one that is wrong."""
        if len(cells) != len(self._header.names):
            raise BadValue(None, f"has {len(cells)} columns where the header has {len(self._header.names)}")
        row = dict(zip(self._header.names, cells, strict=True))
        for name, cell in row.items():
            problem = self._problem(name, cell)
            if problem:
                raise BadValue(name, problem)
        names = ("surface", self._header.period, *self._header.amounts)
        return self._with_unit(tuple(row[name] or None for name in names))

    def _with_unit(self, values: tuple[Value, ...]) -> UsageRow:
        if not self._has_credits:
            return values
        return (*values, None if values[self._credits_at] is None else self._tool.credit_unit)

    def _problem(self, name: str, cell: str) -> str | None:
        if name == "surface":
            return None if cell in SURFACES else f"is none of {', '.join(SURFACES)}"
        if name in PERIODS:
            return self._periods.problem(cell)
        if name not in AMOUNTS or not cell:
            return None
        if name not in self._tool.columns:
            return f"is not collected for {self._tool.name}; leave the cell empty"
        return _amount_problem(name, cell)


def tool_lines(header: Header, tools: Sequence[str], latest: date) -> dict[str, ToolLines]:
    """A reader for each tool."""
    periods = Periods(header.granularity, latest)
    return {tool: ToolLines(header, TOOLS[tool], periods) for tool in tools}


def _cell_pattern(name: str, tool: Tool) -> str:
    if name == "email":
        return "[^,]*"
    if name == "tool":
        return re.escape(tool.key)
    if name == "surface":
        return f"({'|'.join(SURFACES)})"
    if name in PERIODS:
        return f"({_DAY})"
    return f"({_PATTERNS.get(name, _COUNT)})?" if name in tool.columns else _NEVER


def _amount_problem(name: str, cell: str) -> str | None:
    if re.fullmatch(_PATTERNS.get(name, _COUNT), cell, re.ASCII):
        return None
    if name == "active":
        return "is neither 1 nor 0"
    if _NEGATIVE.fullmatch(cell):
        return "is negative"
    if cell.isascii() and cell.isdigit():
        return "is too large to be a count"
    if name == "credits":
        return "is not a number written in digits, with up to six decimals after a point"
    return "is not a whole number written in digits alone"
