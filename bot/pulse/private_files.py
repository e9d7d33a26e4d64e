"""Files with keys in them: opened without following a link, and used only while no other account can read them."""

import errno
import os
import stat
from pathlib import Path

_OTHERS = 0o077


class NotPrivate(Exception):
    """Why a file or folder is not to be trusted with keys, in words, with the mend."""


def require_private_folder(folder: Path) -> None:
    """Raises `NotPrivate` while other accounts can look into it, and `OSError`; a link to a private folder will do."""
    _require_private(folder, folder.stat(), "700")


def read_private(file: Path) -> bytes:
    """The bytes of a file of ours that nobody else can read; raises `NotPrivate`, and `OSError`."""
    descriptor = open_own(file, os.O_RDONLY)
    with os.fdopen(descriptor, "rb") as stream:
        _require_private(file, os.fstat(descriptor), "600")
        return stream.read()


def open_own(file: Path, flags: int) -> int:
    """A descriptor of a regular file that belongs to this account; raises `NotPrivate`, and `OSError`.

    Whoever could put a link or another file in its place would otherwise choose what is read, or written over.
    """
    try:
        descriptor = os.open(file, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotPrivate(f"{file} is a link: put the file itself in its place") from None
        raise
    try:
        _require_own(file, os.fstat(descriptor))
    except NotPrivate:
        os.close(descriptor)
        raise
    return descriptor


def _require_own(file: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise NotPrivate(f"{file} is no file: remove it, or put the true one in its place")
    if found.st_uid != os.geteuid():
        raise NotPrivate(f"{file} belongs to another account: run Candor as that account, or chown the file")


def _require_private(path: Path, found: os.stat_result, mode: str) -> None:
    if found.st_mode & _OTHERS:
        raise NotPrivate(f"{path} is open to other accounts: chmod {mode} {path}")


def sync_folder(folder: Path) -> None:
    """Until the folder itself is on disk, a file in it may come back, or be gone, after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
