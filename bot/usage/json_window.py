"""A sliding window over JSON text, and the ways past what cannot be decoded in it."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from json import JSONDecoder
from typing import Any

AHEAD = 64 * 1024

_BLANK = re.compile(r"[\s,]*")
_SIGN = re.compile(r'\\.|["{}\[\]\n]', re.DOTALL)
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
        size, depth, quoted = 0, 0, False
        while True:
            for sign in _SIGN.finditer(self.text, self.at):
                if sign[0] in ('"', "\n"):
                    quoted = not quoted and sign[0] == '"'
                elif not quoted:
                    depth += _DEPTH.get(sign[0], 0)
                    if depth <= 0 and sign[0] in "]}":
                        size += sign.end() - self.at
                        self.move(sign.end())
                        return size
            size += len(self.text) - self.at
            if not self._forward():
                return size

    def _forward(self) -> bool:
        """Leave the window's text behind and take the next; False at the end."""
        # The first character of the next text decides what a last "\" or line end means: both stay in the window.
        kept = 1 if self.text.endswith(("\\", "\n")) else 0
        self.move(max(self.at, len(self.text) - kept))
        self.ahead(1 + kept)
        if len(self.text) - self.at > kept:
            return True
        self.move(len(self.text))
        return False
