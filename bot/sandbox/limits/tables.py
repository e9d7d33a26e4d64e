"""Tables."""

from __future__ import annotations

from typing import Any

from bot.sandbox.limits.objects import BLOCK_ID
from bot.sandbox.limits.richtext import RICH_TEXT, length
from bot.sandbox.limits.shape import (
    Check,
    Problems,
    Shape,
    boolean,
    by_type,
    integer,
    many,
    one_of,
    report,
    string,
    typed,
)

MOST_CHARACTERS = 10_000


def number(value: Any, path: str, problems: Problems) -> None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < float("inf"):
        report(problems, "must provide a number", path)


_RAW: dict[str, Check] = {
    "raw_text": typed("raw_text", {"text": string(MOST_CHARACTERS)}),
    "raw_number": typed("raw_number", {"value": number}, optional={"text": string(MOST_CHARACTERS)}),
}
_CELL = by_type({**_RAW, "rich_text": RICH_TEXT})
_COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _column(value: Any, path: str, problems: Problems) -> None:
    if value is not None:
        _COLUMN(value, path, problems)


def _even(value: Any, path: str, problems: Problems) -> None:
    """A rule: rows are of one length, and all cells together are not too long."""
    rows = value["rows"]
    if len({len(row) for row in rows}) > 1:
        report(problems, "all rows must have the same number of cells", f"{path}/rows")
    if sum(length(cell) for row in rows for cell in row) > MOST_CHARACTERS:
        report(problems, f"must be less than {MOST_CHARACTERS + 1} characters in all cells", f"{path}/rows")


def _plain_header(value: Any, path: str, problems: Problems) -> None:
    """A rule: no rich text in the header row."""
    if any(cell["type"] == "rich_text" for cell in value["rows"][0]):
        report(problems, "rich_text is not allowed in header cells", f"{path}/rows/0")


TABLE = typed(
    "table", {"rows": many(many(_CELL, 20), 100)},
    optional={"block_id": BLOCK_ID, "column_settings": many(_column, 20)}, rules=(_even,),
)  # fmt: skip
DATA_TABLE = typed(
    "data_table", {"rows": many(many(_CELL, 20), 101, least=2), "caption": string(3000)},
    optional={"block_id": BLOCK_ID, "page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
    rules=(_even, _plain_header),
)  # fmt: skip
