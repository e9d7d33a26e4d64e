"""Everything held about a person, as text: JSON and CSV to take away, rows to read on screen."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.checkin.bands import REWORK, SAVED
from bot.files import spreadsheet_text
from storage.held import Rows

_BANDS = {"saved": SAVED, "rework": REWORK}
# Columns whose own names would say too little.
_LABELS = {
    "invitations": "wants invitations to a pulse",
    "invited": "newest pulse you were to be invited to (0: none)",
    "reminded": "newest pulse you were to be reminded of (0: none)",
    "noticed": "newest policy version you agreed to or were told of",
    "told": "newest policy version you were told of before that",
    "read_version": "policy version you said you have read",
    "read_at": "when you said so",
    "wave": "in answer to pulse",
    "summary_messages": "wants the weekly message about a team they manage",
    "in_summaries": "counts in team summaries when a season opens",
    "path": "its name",
}


def as_json(held: dict[str, Rows]) -> bytes:
    """The rows by table, as stored."""
    return json.dumps(held, default=_plain, indent=2, ensure_ascii=False).encode()


def as_csv(held: dict[str, Rows]) -> bytes:
    """One line a value: table, row, column, value. An empty value is one that is not held."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["table", "row", "column", "value"])
    for table, rows in held.items():
        for number, row in enumerate(rows, start=1):
            writer.writerows([table, number, column, _cell(value)] for column, value in row.items())
    return text.getvalue().encode("utf-8-sig")


def as_lines(held: dict[str, Rows]) -> Iterator[tuple[str, str]]:
    """(table, a row as "column: value" pairs), leaving out what is not held and the person's own id."""
    for table, rows in held.items():
        yield from ((table, " · ".join(_said(row))) for row in rows)


def _said(row: dict[str, Any]) -> Iterator[str]:
    for column, value in row.items():
        if value not in (None, []) and column not in ("person_id", *_beside_the_point(row)):
            yield f"{_LABELS.get(column, column.replace('_', ' '))}: {_words(column, value)}"


def _beside_the_point(row: dict[str, Any]) -> tuple[str, ...]:
    """Of a person who manages no team, whether they want its message: nothing they ever said."""
    said = row.get("is_manager") or not row.get("summary_messages")
    return () if said else ("summary_messages",)


def _words(column: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column in _BANDS and value in _BANDS[column]:
        return _BANDS[column][value].words
    return str(value) if isinstance(value, str) else _cell(value)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be exported")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date | Decimal):
        return _plain(value)
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return spreadsheet_text(text) if isinstance(value, str) else text
