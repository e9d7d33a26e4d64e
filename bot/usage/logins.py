"""The identity provider's list of GitHub logins: of it, only consenting people's pairs are kept.

A CSV with the columns login and email; or JSON: rows with those members, or SCIM's `Resources` with `userName` and
`emails`.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from bot.usage.json_rows import JsonRows
from bot.usage.report import Refused, Report
from bot.usage.sources.csv_header import names_of
from bot.usage.text import lines
from bot.usage.values import identity

VERIFIED_BY = "identity provider"

# With the "_" of managed users' logins.
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?", re.ASCII)

Found = tuple[int, str | None, str | None]


def read_logins(parts: Iterator[str], people: Mapping[str, str], report: Report) -> dict[str, str]:
    """person id → login, of `people` (email → person id) alone.

    A login given to two of them, or two logins given to one, is rejected: either could show somebody else's usage.
    Raises `Refused` for a list that cannot be read as a whole.
    """
    logins: dict[str, str] = {}
    unclear: set[str] = set()
    for line, email, login in _pairs(parts, report):
        person = people.get(email or "")
        if person is None:
            report.dropped += 1
        elif login is None or not _LOGIN.fullmatch(login):
            report.reject(line, "is not a GitHub login", "login")
        else:
            report.kept += 1
            _note(person, login, logins, unclear)
    _reject_unclear(logins, unclear, report)
    return logins


def _note(person: str, login: str, logins: dict[str, str], unclear: set[str]) -> None:
    if logins.get(person, login) != login:
        unclear.add(person)
    logins.setdefault(person, login)


def _reject_unclear(logins: dict[str, str], unclear: set[str], report: Report) -> None:
    owners: dict[str, set[str]] = {}
    for person, login in logins.items():
        owners.setdefault(login, set()).add(person)
    unclear |= {person for people in owners.values() if len(people) > 1 for person in people}
    for person in unclear:
        del logins[person]
        report.kept -= 1
        report.reject(0, "one login is given to two people, or two to one person", "login")


def _pairs(parts: Iterator[str], report: Report) -> Iterator[Found]:
    head = next(parts)
    rest = chain([head], parts)
    return _json_pairs(rest, report) if head.lstrip()[:1] in ("{", "[") else _csv_pairs(rest, report)


def _csv_pairs(parts: Iterator[str], report: Report) -> Iterator[Found]:
    numbered = lines(parts, lambda number: report.reject(number, "is longer than 64 KB"))
    names = names_of(next(numbered, (1, ""))[1])
    for column in ("login", "email"):
        if column not in names:
            raise Refused("the column is missing", column)
    for number, line in numbered:
        try:
            cells = next(csv.reader([line.removesuffix("\r")], strict=True), [])
        except csv.Error:
            report.reject(number, "is not readable as CSV")
            continue
        if cells:
            row = dict(zip(names, cells, strict=False))
            yield number, identity(row.get("email")), identity(row.get("login"))


def _json_pairs(parts: Iterator[str], report: Report) -> Iterator[Found]:
    rows = JsonRows(parts, "Resources", None, report)
    for line, record in rows.records():
        yield line, _email(record), identity(record.get("login", record.get("userName")))


def _email(record: dict[str, Any]) -> str | None:
    emails = record.get("emails")
    if not isinstance(emails, list):
        return identity(record.get("email"))
    entries = [entry for entry in emails if isinstance(entry, dict)]
    entries.sort(key=lambda entry: entry.get("primary") is not True)
    return identity(entries[0].get("value")) if entries else None
