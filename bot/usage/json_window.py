"""A sliding window over JSON text, and the ways past what cannot be decoded in it."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from json import JSONDecoder
from typing import Any

AHEAD = 64 * 1024

_BLANK = re.compile(r"[\s,]*")
_SIGN = re.compile(r'["{}\[\]]')
# Possessive: nothing is kept to go back to, however long the string is.
_IN_STRING = re.compile(r'(?:[^"\\\n]++|\\.)*+', re.DOTALL)
_DEPTH = {"{": 1, "[": 1, "}": -1, "]": -1}


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


_DECODER = JSONDecoder(parse_float=_number, parse_constant=lambda _: Decimal("NaN"))


class Window:
    """The part of the text that is looked at. What is behind `at` is forgotten; `line` is the line of `at`."""

    def __init__(self, parts: Iterator[str]) -> None:
        self._parts = parts
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False

    def ahead(self, size: int) -> None:
        """Have `size` characters from `at` on, or all there are."""
        missing = size - (len(self.text) - self.at)
        if missing <= 0 or self.ended:
            return
        pieces = [self.text[self.at :]]
        while missing > 0 and not self.ended:
            part = next(self._parts, None)
            self.ended = part is None
            pieces.append(part or "")
            missing -= len(pieces[-1])
        self.text, self.at = "".join(pieces), 0

    def move(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def next_character(self) -> str:
        """Go to the next character that is neither blank nor a comma; "" at the end."""
        while True:
            self.ahead(AHEAD)
            found = _BLANK.match(self.text, self.at)
            self.move(found.end() if found else self.at)
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]

    def decode(self, start: int) -> tuple[Any, int] | None:
        """The value at `start` and where it ends; None when there is no whole value in the window.

        A number with a fraction, an exponent or no value (NaN) comes as a `Decimal`.
        """
        try:
            return _DECODER.raw_decode(self.text, start)
        except (ValueError, RecursionError):
            return None

    def skip_to(self, pattern: re.Pattern[str]) -> int:
        """Go to the end of the next match, or of the text; how many characters that were."""
        size = 0
        while True:
            found = pattern.search(self.text, self.at)
            size += (found.end() if found else len(self.text)) - self.at
            if found:
                self.move(found.end())
                return size
            if not self._forward():
                return size

    def skip_nested(self) -> int:
        """Go past the bracket that closes the one at `at`, or to the end; how many characters that were.

        A string ends at its quote or, when that is missing, with its line.
        """
        size, depth, quoted, closed = 0, 0, False, False
        while True:
            start = self.at
            depth, quoted, closed = self._scan(depth, quoted)
            size += self.at - start
            if closed or not self._forward():
                return size

    def _scan(self, depth: int, quoted: bool) -> tuple[int, bool, bool]:
        """(depth, inside a string, whether the outermost bracket was closed) after the rest of the window."""
        text, at = self.text, self.at
        while at < len(text):
            if quoted:
                found = _IN_STRING.match(text, at)
                at = found.end() if found else at
                if text[at : at + 1] in ("", "\\"):
                    break
                quoted, at = False, at + 1
            elif sign := _SIGN.search(text, at):
                at, quoted = sign.end(), sign[0] == '"'
                depth += _DEPTH.get(sign[0], 0)
                if depth <= 0 and not quoted:
                    self.move(at)
                    return depth, False, True
            else:
                at = len(text)
        self.move(at)
        return depth, quoted, False

    def _forward(self) -> bool:
        """Leave the window's text behind and take the next; False at the end."""
        # The character after it decides what a last "\" or line end means: both stay in the window.
        undecided = 1 if self.text.endswith(("\\", "\n")) else 0
        self.move(max(self.at, len(self.text) - undecided))
        kept = len(self.text) - self.at
        self.ahead(kept + 1)
        if len(self.text) - self.at > kept:
            return True
        self.move(len(self.text))
        return False
