"""Strict reading of single values. A reason never repeats the value."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

LARGEST = 10**12 - 1
EARLIEST = date(2000, 1, 1)

Record = Mapping[str, Any]


class BadValue(Exception):
    """A value that cannot be taken: the column (None for the row as a whole) and the reason, without the value."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def at(record: Record, path: str) -> Any:
    """What stands at "outer.inner"; None when it, or what is around it, is missing or null."""
    value: Any = record
    for key in path.split("."):
        if value is None:
            return None
        if not isinstance(value, dict):
            raise BadValue(path, "does not stand in an object")
        value = value.get(key)
    return value


def count(record: Record, path: str) -> int | None:
    """A whole number from 0 to 12 digits, or None when the tool does not report it."""
    value = at(record, path)
    if value is None:
        return None
    if type(value) is not int:
        raise BadValue(path, "is not a whole number")
    if value < 0:
        raise BadValue(path, "is negative")
    if value > LARGEST:
        raise BadValue(path, "is too large to be a count")
    return value


def amount(record: Record, path: str) -> str | None:
    """A number from 0, with up to six decimals, written out for the database; None when not reported."""
    value = at(record, path)
    if value is None:
        return None
    if type(value) is not int and not (isinstance(value, Decimal) and value.is_finite()):
        raise BadValue(path, "is not a number")
    if value < 0:
        raise BadValue(path, "is negative")
    if value > LARGEST:
        raise BadValue(path, "is too large to be an amount")
    return f"{Decimal(value):.6f}"


def flag(record: Record, path: str) -> bool | None:
    """True, False, or None when not reported."""
    value = at(record, path)
    if value is not None and type(value) is not bool:
        raise BadValue(path, "is neither true nor false")
    return value


def items(record: Record, path: str) -> list[Any]:
    """The objects of a list; none when it is missing or null."""
    value = at(record, path)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadValue(path, "is not a list of objects")
    return value


def total(counts: Iterable[int | None]) -> int | None:
    """The sum of what is reported; None when nothing of it is."""
    reported = [value for value in counts if value is not None]
    return sum(reported) if reported else None


def identity(value: object) -> str | None:
    """An identity as it is compared: lower case, without blanks around it."""
    return value.strip().lower() if isinstance(value, str) else None


def day_problem(day: date, latest: date) -> str | None:
    """Why no usage can be of this day; None when it can."""
    if day < EARLIEST:
        return "lies before the year 2000"
    return "lies in the future" if day > latest else None


def utc_day(record: Record, path: str, latest: date) -> str:
    """The UTC day ("2026-11-16") of a day, of an RFC 3339 time, or of milliseconds since 1970."""
    value = at(record, path)
    try:
        day = _day(value)
    except (ValueError, OverflowError, OSError):
        raise BadValue(path, "is not a day of the calendar") from None
    problem = day_problem(day, latest)
    if problem:
        raise BadValue(path, problem)
    return day.isoformat()


def _day(value: object) -> date:
    if type(value) is int:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)).date()
    if not isinstance(value, str) or value[4:5] + value[7:8] != "--":
        raise ValueError
    if len(value) == len("2026-11-16"):
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    return moment.date() if moment.tzinfo is None else moment.astimezone(UTC).date()
