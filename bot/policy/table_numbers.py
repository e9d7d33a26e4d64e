"""Numbers in a text's tables, with what the cell above or beside them says that they count."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.policy.numbers import Count, Unit, unit_in

_KIND = re.compile(r"usage|check-?ins?|messages?|leavers?|questions?|ledger", re.IGNORECASE)
_NUMBER = re.compile(r"[ *_]*(\d{1,4})[ *_]*$")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:-]*)*$")


class _Cell(NamedTuple):
    """A cell's text, and the place in the whole text where it begins."""

    text: str
    start: int


def table_counts(text: str) -> Iterator[Count]:
    """The cells that hold a number and nothing else, where a unit stands in their row or at the head of their
    column."""
    heads: Sequence[Unit | None] = ()
    above: Sequence[_Cell] = ()
    start = 0
    for line in text.split("\n"):
        cells = list(_cells(line, start)) if "|" in line else []
        if _RULE.match(line) and len(cells) == len(above):
            heads = [unit_in(cell.text) for cell in above]
        elif cells:
            yield from _row(cells, heads)
        else:
            heads = ()
        above = cells
        start += len(line) + 1


def _row(cells: Sequence[_Cell], heads: Sequence[Unit | None]) -> Iterator[Count]:
    beside = next((unit for cell in cells if (unit := unit_in(cell.text) or _kept(cell.text))), None)
    for number, cell in enumerate(cells):
        unit = (heads[number] if number < len(heads) else None) or beside
        if unit and (found := _NUMBER.match(cell.text)):
            yield Count(f"{found[1]} {unit}", int(found[1]), unit, cell.start + found.start(1))


def _kept(text: str) -> Unit | None:
    """Weeks, beside the name of what is kept for so many."""
    return "weeks" if _KIND.fullmatch(text.strip(" *_")) else None


def _cells(line: str, start: int) -> Iterator[_Cell]:
    at = 0
    for text in line.split("|"):
        yield _Cell(text, start + at)
        at += len(text) + 1
