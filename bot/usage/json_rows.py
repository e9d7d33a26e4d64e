"""Rows out of JSON of any size in bounded memory: arrays, pages, concatenated pages, a row a line.

The standard decoder reads one row at a time out of a window of text. Where a row is broken, only that row is lost.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.usage.json_window import Window
from bot.usage.report import Refused, Report

LONGEST_ROW = 1024 * 1024
_DEEPEST = 8

_MEMBER = re.compile(r'[\s,]*"((?:[^"\\]++|\\.)*+)"\s*:\s*')
_NEXT_LINE = re.compile(r"\n(?=[{\[])")
_NEXT_BRACKET = re.compile(r"(?=[{\[\]])")


class JsonRows:
    """The rows of a text.

    `wrapper` names the list in a page; a row has a member `mark` that holds its identity (None: it has no one name).
    """

    def __init__(self, parts: Iterator[str], wrapper: str, mark: str | None, report: Report) -> None:
        self._window = Window(parts)
        self._wrapper = wrapper
        self._mark = mark
        self._report = report
        self._open: list[str] = []

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(line the row begins on, row). Damage is reported once for each stretch of it, and left behind.

        Raises `Refused` when the text does not begin like JSON of rows.
        """
        self._check_start()
        while character := self._window.next_character():
            line = self._window.line
            if character == "{":
                record = self._object(line)
                if record is not None:
                    yield line, record
            elif not self._step(character):
                self._lose(line)
        if self._open:
            self._reject(self._window.line, "the JSON breaks off before its end")

    def _check_start(self) -> None:
        character = self._window.next_character()
        if not character:
            raise Refused("the file is empty")
        if character not in "[{":
            raise Refused("the file is not JSON of this tool: it has to begin with { or [")

    def _step(self, character: str) -> bool:
        """Into a list, out of a list or page, or over a page's member; False when none of that stands here."""
        inner = self._open[-1] if self._open else ""
        if character == "[" and len(self._open) < _DEEPEST:
            self._enter("]", self._window.at + 1)
        elif inner and character == inner:
            self._open.pop()
            self._window.move(self._window.at + 1)
        else:
            return inner == "}" and character == '"' and self._member()
        return True

    def _enter(self, closing: str, at: int) -> None:
        self._open.append(closing)
        self._window.move(at)

    def _object(self, line: int) -> dict[str, Any] | None:
        """The row at hand; None when it is a page, which is entered, or broken, which is reported."""
        listed = self._start_of_list()
        if listed is not None and len(self._open) < _DEEPEST:
            self._enter("}", self._window.at + 1)
            self._enter("]", listed)
            return None
        record = self._decode()
        if record is None:
            self._lose(line)
        elif self._mark is not None and record.get(self._mark) is None:
            self._reject(line, "does not say whose row it is", self._mark)
            return None
        return record

    def _decode(self) -> dict[str, Any] | None:
        window = self._window
        found = window.decode(window.at)
        if found is None and not window.ended:
            window.ahead(LONGEST_ROW)
            found = window.decode(window.at)
        if found is None:
            return None
        window.move(found[1])
        record: dict[str, Any] = found[0]
        return record

    def _start_of_list(self) -> int | None:
        """Where the list of a page begins; None when the object at hand is a row."""
        window, more = self._window, False
        at = window.at + 1
        while member := _MEMBER.match(window.text, at):
            if member[1] == self._wrapper and window.text.startswith("[", member.end()):
                self._report.unfinished = more
                return member.end() + 1
            value = None if member[1] == self._mark else window.decode(member.end())
            if value is None:
                return None
            more = _says_more(member[1], value[0]) or more
            at = value[1]
        return None

    def _member(self) -> bool:
        """Step over a page's member beside its list."""
        window = self._window
        member = _MEMBER.match(window.text, window.at)
        value = window.decode(member.end()) if member else None
        if member is None or value is None:
            return False
        self._report.unfinished = _says_more(member[1], value[0]) or self._report.unfinished
        window.move(value[1])
        return True

    def _lose(self, line: int) -> None:
        """Step over what is no row: in a list to the next one, elsewhere to a line that begins like one."""
        window = self._window
        if self._open[-1:] == ["]"]:
            nested = window.text.startswith(("{", "["), window.at)
            size = window.skip_nested() if nested else self._skip_value()
        else:
            self._open.clear()
            window.move(window.at + 1)
            size = window.skip_to(_NEXT_LINE)
        self._reject(line, "is longer than 1 MB" if size > LONGEST_ROW else "is not valid JSON of a row")

    def _skip_value(self) -> int:
        found = self._window.decode(self._window.at)
        self._window.move(found[1] if found else self._window.at + 1)
        return 0 if found else self._window.skip_to(_NEXT_BRACKET)

    def _reject(self, line: int, reason: str, column: str | None = None) -> None:
        self._report.reject(line, reason, column, self._report.read + 1)


def _says_more(key: str, value: object) -> bool:
    """Whether a page's member says that further pages follow."""
    if key == "pagination" and isinstance(value, dict):
        return value.get("hasNextPage") is True
    return key == "has_more" and value is True
