"""The header of our CSV template: which column stands where, and every way in which it can be wrong.

One line a person, tool, surface and day (or week):

    email,tool,surface,day,sessions,prompts,…
    ana.reyes@haldenlabs.example,chatgpt,chat,2026-11-16,,34,…

`week_starting` (a Monday) stands in place of `day` where a tool reports by the week. An empty cell is a count that the
tool does not report; it is never a zero.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.usage.report import Refused
from bot.usage.sources.source import Granularity
from storage.tables import COUNTS

AMOUNTS = (*COUNTS, "active", "credits")
KEYS = ("email", "tool", "surface")
PERIODS: dict[str, Granularity] = {"day": "day", "week_starting": "week"}

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_SAFE_NAME = re.compile(r"[a-z][a-z0-9 _-]{0,40}")


@dataclass(frozen=True)
class Header:
    """The columns in the file's order, which of them is the period, and what that means."""

    names: tuple[str, ...]
    period: str

    @property
    def granularity(self) -> Granularity:
        return PERIODS[self.period]

    @property
    def amounts(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name in AMOUNTS)


def names_of(line: str) -> list[str]:
    """The columns' names in lower case. Raises `Refused` for a line that cannot be a header with commas."""
    if "\r" in line.rstrip("\r"):
        raise Refused("the lines end in the old Macintosh way; save the file with line ends of Windows or Unix")
    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error:
        raise Refused("the header's quotes are broken") from None
    names = [cell.strip().lower() for cell in cells]
    if len(names) == 1:
        for delimiter, words in _OTHER_DELIMITERS.items():
            if delimiter in line:
                raise Refused(f"the columns are separated by {words}; commas are needed")
    return names


def read_header(line: str, reject: Callable[[str, str | None], None]) -> Header | None:
    """The header; None when it is wrong, after every reason was given to `reject(reason, column)`."""
    names = names_of(line)
    problems = _missing(names) or _odd(names)
    for column, reason in problems:
        reject(reason, column)
    if problems:
        return None
    return Header(tuple(names), next(name for name in names if name in PERIODS))


def _missing(names: list[str]) -> list[tuple[str | None, str]]:
    known = {*KEYS, *PERIODS, *AMOUNTS}
    if not known & set(names):
        return [(None, "the first line is not a header: it names no column that is known")]
    problems: list[tuple[str | None, str]] = [(key, "the column is missing") for key in KEYS if key not in names]
    periods = [name for name in names if name in PERIODS]
    if not periods:
        problems.append(("day", "the column is missing; day or week_starting is needed"))
    elif len(set(periods)) > 1:
        problems.append(("week_starting", "stands beside day; a file is by the day or by the week"))
    if not set(names) & set(AMOUNTS):
        problems.append((None, f"there is no column to read; at least one is needed of {', '.join(AMOUNTS)}"))
    return problems


def _odd(names: list[str]) -> list[tuple[str | None, str]]:
    """Unknown and repeated columns; asked only of a line that is a header for certain, since it names what it finds."""
    known = {*KEYS, *PERIODS, *AMOUNTS}
    repeated = sorted({name for name in names if name in known and names.count(name) > 1})
    return [
        *((name, "the column appears twice") for name in repeated),
        *(_unknown(name, place) for place, name in enumerate(names, 1) if name not in known),
    ]


def _unknown(name: str, place: int) -> tuple[str | None, str]:
    if _SAFE_NAME.fullmatch(name):
        return name, "the column is not known; take it out"
    return None, f"the name of column {place} is not known; take the column out"
