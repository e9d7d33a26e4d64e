"""Files that are whole or not there, readable by their owner only; and JSON that has one form."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.errors import OperatorError
from bot.pulse.private_files import sync_folder


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value that is hashed and signed; raises `ValueError` for text that is no Unicode."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def read_json(raw: bytes) -> Any:
    """The value; raises `ValueError`, however the bytes are damaged."""
    try:
        return json.loads(raw)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def require_new(file: Path) -> None:
    """Raises `OperatorError` when something is there already."""
    if os.path.lexists(file):
        raise OperatorError(f"{file} exists already: name a new file.")


def write_whole(file: Path, parts: Iterable[bytes], mode: int = 0o600) -> None:
    """Write a file that is on disk, whole, before this returns, and is not there at all before.

    Raises `OperatorError` when it cannot be written; what `parts` raises passes, and nothing is left of the file.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        _write(beside, parts, mode)
        beside.replace(file)
        sync_folder(file.parent)
    except OSError as error:
        raise OperatorError(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)


def overwrite(file: Path, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old` in a file, in the very same bytes of it, and on disk before this returns.

    Both have one length. Nothing where `old` is not in the file. Raises `OperatorError` when it cannot be written.
    """
    assert len(old) == len(new)
    try:
        with file.open("r+b") as stream:
            at = stream.read().find(old)
            if at < 0:
                return
            stream.seek(at)
            stream.write(new)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise OperatorError(f"{file} cannot be written: {error.strerror}.") from None


def _write(file: Path, parts: Iterable[bytes], mode: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.writelines(parts)
        stream.flush()
        os.fsync(stream.fileno())
