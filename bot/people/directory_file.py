"""The directory file: HR's CSV, read cell by cell and refused by line, column and reason."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

COLUMNS = ("email", "slack_id", "team", "manager", "parent")
LARGEST = 20 * 1024 * 1024

_FORMULA = ("=", "+", "-", "@")
_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0", ""}
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass(frozen=True)
class Refusal:
    """What cannot be taken: the file's line (from 1), the column ("" for the line as a whole), the reason."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True)
class Entry:
    """One line about one person. `team` and `parent` are as written, trimmed; "" where empty."""

    line: int
    email: str
    slack_id: str
    team: str
    parent: str
    is_manager: bool


@dataclass
class DirectoryFile:
    """What was read: good lines, refusals, columns that nothing looks at, whether teams are given by `parent`."""

    entries: list[Entry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()
    has_parents: bool = False

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.refusals.append(Refusal(line, column, reason))


def read(stream: BinaryIO) -> DirectoryFile:
    """Reads UTF-8 (with or without BOM) with commas and a header line. Never raises for what is in the file."""
    found = DirectoryFile()
    text = _decode(stream, found)
    if text is None:
        return found
    records = _records(text, found)
    line, header = next(records, (1, []))
    names = [name.strip().lower() for name in header]
    if _header_is_good(line, names, found):
        for line, cells in records:
            _read_line(line, names, cells, found)
    return found


def _decode(stream: BinaryIO, found: DirectoryFile) -> str | None:
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        found.refuse(1, "", f"the file is larger than {LARGEST // 1024 // 1024} MB")
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found.refuse(1, "", 'the file is UTF-16; save it as "CSV UTF-8"')
    elif not data.removeprefix(codecs.BOM_UTF8).strip():
        found.refuse(1, "", "the file is empty")
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            found.refuse(line, "", 'the text is not UTF-8; save the file as "CSV UTF-8"')
    return None


def _records(text: str, found: DirectoryFile) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of every record that is not blank; ends with a refusal where quoting is broken."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found.refuse(line, "", f"not readable as CSV from here on ({error})")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _header_is_good(line: int, names: Sequence[str], found: DirectoryFile) -> bool:
    if words := _wrong_delimiter(",".join(names)):
        found.refuse(line, "", f"the columns are separated by {words}; commas are needed")
        return False
    for name in sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        found.refuse(line, name, "the column appears twice")
    for name in ("team", "manager"):
        if name not in names:
            found.refuse(line, name, "the column is missing")
    if not {"email", "slack_id"} & set(names):
        found.refuse(line, "email", 'the column is missing; "email" or "slack_id" is needed')
    found.has_parents = "parent" in names
    found.ignored_columns = tuple(_shown(name) for name in names if name not in COLUMNS)
    return not found.refusals


def _wrong_delimiter(header: str) -> str | None:
    for delimiter, words in _OTHER_DELIMITERS.items():
        names = [name.strip() for name in header.split(delimiter)]
        if len(names) > 1 and "team" in names:
            return words
    return None


def _shown(name: str) -> str:
    """A foreign column's name, safe to print."""
    return "".join(each if each.isprintable() else "?" for each in name[:80])


def _read_line(line: int, names: Sequence[str], cells: Sequence[str], found: DirectoryFile) -> None:
    if len(cells) != len(names):
        found.refuse(line, "", f"has {len(cells)} columns where the header has {len(names)}")
        return
    row = {name: cell for name, cell in zip(names, cells, strict=True) if name in COLUMNS}
    problems = [(name, reason) for name, reason in _problems(row) if reason]
    for name, reason in problems:
        found.refuse(line, name, reason)
    if not problems:
        found.entries.append(_entry(line, row))


def _entry(line: int, row: Mapping[str, str]) -> Entry:
    trimmed = {name: unicodedata.normalize("NFC", cell.strip()) for name, cell in row.items()}
    return Entry(
        line=line,
        email=trimmed.get("email", "").lower(),
        slack_id=trimmed.get("slack_id", "").upper(),
        team=trimmed["team"],
        parent=trimmed.get("parent", ""),
        is_manager=trimmed["manager"].lower() in _YES,
    )


def _problems(row: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    unsafe = {name: _unsafe(cell) for name, cell in row.items()}
    if any(unsafe.values()):
        yield from unsafe.items()
        return
    yield "manager", _not_a_flag(row["manager"])
    yield "email", _not_an_email(row.get("email", "").strip())
    yield "slack_id", _not_a_slack_id(row.get("slack_id", "").strip().upper())
    if not row.get("email", "").strip() and not row.get("slack_id", "").strip():
        yield "email" if "email" in row else "slack_id", "names no person"


def _unsafe(cell: str) -> str | None:
    # Nearly every cell is printable, and that is asked in one step.
    if not cell.isprintable() and any(map(_is_control, cell)):
        return "holds a control character"
    if any(part.strip().startswith(_FORMULA) for part in cell.split("/")):
        return "begins like a formula (=, +, - or @)"
    return None


def _is_control(character: str) -> bool:
    """Control characters, line separators, and the signs that turn the direction of text around."""
    return (
        unicodedata.category(character) in ("Cc", "Zl", "Zp")
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )


def _not_a_flag(cell: str) -> str | None:
    return None if cell.strip().lower() in _YES | _NO else "is neither yes nor no"


def _not_an_email(cell: str) -> str | None:
    good = not cell or (len(cell) <= 254 and _EMAIL.fullmatch(cell))
    return None if good else "is not an email address"


def _not_a_slack_id(cell: str) -> str | None:
    good = not cell or _SLACK_ID.fullmatch(cell)
    return None if good else "is not a Slack member id"
