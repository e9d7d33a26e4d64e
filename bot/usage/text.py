"""Bytes to text and lines, in bounded memory and from any stream, also one that cannot seek."""

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

from bot.usage.report import Refused

BLOCK = 256 * 1024
LONGEST_LINE = 64 * 1024

_NOT_TEXT = {
    codecs.BOM_UTF16_LE: 'the file is UTF-16; save it as "CSV UTF-8"',
    codecs.BOM_UTF16_BE: 'the file is UTF-16; save it as "CSV UTF-8"',
    b"PK\x03\x04": "the file is an Excel workbook or a zip; export it as text",
    b"\x1f\x8b": "the file is compressed; unpack it first",
}

Progress = Callable[[int], None]


def blocks(stream: BinaryIO, progress: Progress | None = None) -> Iterator[str]:
    """The stream as UTF-8 text (with or without BOM); `progress` is told how many more bytes were read.

    Bytes that are not UTF-8 become U+FFFD: they fit no identity and no number, so that only their own row is lost.
    Raises `Refused` for what is not text at all.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    started = False
    while block := stream.read(BLOCK):
        if not started:
            _check(block)
            started = True
        if progress is not None:
            progress(len(block))
        yield decoder.decode(block)
    if not started:
        raise Refused("the file is empty")
    yield decoder.decode(b"", final=True)


def _check(head: bytes) -> None:
    for mark, reason in _NOT_TEXT.items():
        if head.startswith(mark):
            raise Refused(reason)
    if b"\0" in head:
        raise Refused("the file is not text")


def lines(parts: Iterator[str], too_long: Callable[[int], None]) -> Iterator[tuple[int, str]]:
    """(number from 1, line without its newline); `too_long` is told of each line that is skipped for its length."""
    number, rest, skipping = 0, "", False
    for part in parts:
        *whole, rest = (rest + part).split("\n")
        for line in whole:
            number += 1
            if skipping or len(line) > LONGEST_LINE:
                skipping = False
                too_long(number)
            else:
                yield number, line
        if skipping or len(rest) > LONGEST_LINE:
            skipping, rest = True, ""
    if skipping:
        too_long(number + 1)
    elif rest:
        yield number + 1, rest
