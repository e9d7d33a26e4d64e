"""The keys of waves: files in a directory outside the database and its backups, which die with their wave.

All replicas share the directory. Its files are made once, never changed, and destroyed; whoever copies one of them
and the database while a wave is open can open that wave's ballots.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from bot.errors import CandorError, OperatorError

_SECRET = 32
_PRIVATE = 32
_OTHERS = 0o077


class KeysUnusable(CandorError, OperatorError):
    """The key directory, or this wave's file in it, is missing, unreadable or another one: which, and the mend."""


@dataclass(frozen=True)
class WaveKeys:
    """`secret` makes tags and marks; `private` opens ballots, and is None where only a trustee can."""

    secret: bytes
    private: X25519PrivateKey | None

    @property
    def mark(self) -> str:
        """The fingerprint by which the database knows the file: 16 hex digits that reveal no key."""
        return sha256(b"candor wave keys\0" + self._raw()).hexdigest()[:16]

    def _raw(self) -> bytes:
        return self.secret + (self.private.private_bytes_raw() if self.private else b"")


class KeyDirectory:
    """One directory, mode 0700, with a file of mode 0600 for each wave that has not closed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self, wave: str, public: X25519PublicKey | None = None) -> tuple[WaveKeys, X25519PublicKey]:
        """New keys for a wave, on disk before this returns; with a trustee's `public` key no private one is made.

        Raises `KeysUnusable` when the directory cannot be written to, or can be read by others.
        """
        private = None if public else X25519PrivateKey.generate()
        keys = WaveKeys(token_bytes(_SECRET), private)
        self._ready()
        try:
            self._write(self._file(wave), keys._raw())
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}. No wave was opened.") from None
        if private is not None:
            return keys, private.public_key()
        assert public is not None
        return keys, public

    def load(self, wave: str, mark: str) -> WaveKeys:
        """The keys of a wave whose file has this fingerprint; raises `KeysUnusable`."""
        try:
            raw = self._file(wave).read_bytes()
        except OSError as error:
            raise KeysUnusable(f"the keys of this wave cannot be read ({self.path}: {error.strerror})") from None
        if len(raw) not in (_SECRET, _SECRET + _PRIVATE):
            raise KeysUnusable(f"the keys of this wave are damaged ({self.path})")
        rest = raw[_SECRET:]
        keys = WaveKeys(raw[:_SECRET], X25519PrivateKey.from_private_bytes(rest) if rest else None)
        if keys.mark != mark:
            raise KeysUnusable(f"the keys in {self.path} are not those of this wave: is it another directory?")
        return keys

    def destroy(self, wave: str) -> None:
        """Overwrite and remove the wave's keys; nothing where they are gone. Raises `KeysUnusable` when it cannot."""
        file = self._file(wave)
        try:
            size = file.stat().st_size
            with file.open("r+b") as stream:
                stream.write(token_bytes(size))
                stream.flush()
                os.fsync(stream.fileno())
            file.unlink()
            self._sync()
        except FileNotFoundError:
            return
        except OSError as error:
            raise KeysUnusable(f"the keys of a wave cannot be destroyed ({file}: {error.strerror})") from None

    def _ready(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = self.path.stat().st_mode
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}. Name another folder in CANDOR_KEYS.") from None
        if mode & _OTHERS:
            raise KeysUnusable(f"{self.path} is open to other accounts: chmod 700 {self.path}")

    def _write(self, file: Path, raw: bytes) -> None:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        self._sync()

    def _sync(self) -> None:
        """Until the folder itself is on disk, a file in it may come back, or be gone, after a power cut."""
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _file(self, wave: str) -> Path:
        return self.path / f"{wave}.key"
