"""The keys of waves: files in a directory outside the database and its backups, which die with their wave.

All replicas share the directory. Its files are made once, never changed, and destroyed; whoever copies one of them
and the database while a wave is open can open that wave's ballots. What is left of a destroyed one is an empty file,
until the database knows: so another directory, or none, is never taken for one whose keys are destroyed.
"""

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from bot.errors import CandorError, OperatorError

_KEY = 32
_OWN, _TRUSTEES = b"candor 1 own\0", b"candor 1 trustee\0"
_OTHERS = 0o077


class KeysUnusable(CandorError, OperatorError):
    """The key directory, or this wave's file in it, is missing, unreadable or another one: which, and the mend."""


@dataclass(frozen=True)
class WaveKeys:
    """`secret` makes tags and marks; `public` seals ballots; `private` opens them, and is None where only a trustee
    can."""

    secret: bytes
    public: X25519PublicKey
    private: X25519PrivateKey | None

    @property
    def mark(self) -> str:
        """The fingerprint by which the database knows the file: 16 hex digits that reveal no key."""
        return sha256(b"candor wave keys\0" + self.raw()).hexdigest()[:16]

    def raw(self) -> bytes:
        """The bytes of the file. A trustee's public key is in it: in the database it could be exchanged."""
        if self.private is None:
            return _TRUSTEES + self.secret + self.public.public_bytes_raw()
        return _OWN + self.secret + self.private.private_bytes_raw()


def _parsed(raw: bytes) -> WaveKeys:
    for kind in (_OWN, _TRUSTEES):
        if raw.startswith(kind) and len(raw) == len(kind) + 2 * _KEY:
            secret, key = raw[len(kind) : -_KEY], raw[-_KEY:]
            if kind == _TRUSTEES:
                return WaveKeys(secret, X25519PublicKey.from_public_bytes(key), None)
            private = X25519PrivateKey.from_private_bytes(key)
            return WaveKeys(secret, private.public_key(), private)
    raise ValueError("not the keys of a wave")


class KeyDirectory:
    """One directory, mode 0700, with a file of mode 0600 for each wave that has not closed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self, wave: str, public: X25519PublicKey | None = None) -> WaveKeys:
        """New keys for a wave, on disk before this returns; with a trustee's `public` key no private one is made.

        Raises `KeysUnusable` when the directory cannot be written to, or can be read by others.
        """
        secret = token_bytes(_KEY)
        if public is not None:
            keys = WaveKeys(secret, public, None)
        else:
            private = X25519PrivateKey.generate()
            keys = WaveKeys(secret, private.public_key(), private)
        self._ready()
        try:
            self._write(self._file(wave), keys.raw())
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}. No pulse was opened.") from None
        return keys

    def load(self, wave: str, mark: str) -> WaveKeys:
        """The keys of a wave whose file has this fingerprint; raises `KeysUnusable`."""
        try:
            keys = _parsed(self._file(wave).read_bytes())
        except OSError as error:
            raise KeysUnusable(f"the keys of this pulse cannot be read ({self.path}: {error.strerror})") from None
        except ValueError:
            raise KeysUnusable(f"the keys of this pulse are damaged ({self.path})") from None
        if keys.mark != mark:
            raise KeysUnusable(f"the keys in {self.path} are not those of this pulse: is it another folder?")
        return keys

    def holds(self, wave: str) -> bool:
        """Whether something of the wave's keys is here, be it damaged or the empty file that destroying leaves.

        Raises `KeysUnusable` when the directory is there and cannot be looked into.
        """
        try:
            return stat.S_ISREG(self._file(wave).stat().st_mode)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}") from None

    def destroy(self, wave: str) -> None:
        """Overwrite the wave's keys and leave an empty file; nothing where that is done. Safe to repeat.

        Raises `KeysUnusable` when it cannot, or when there is no such file here: then they may live on elsewhere.
        """
        file = self._file(wave)
        try:
            size = file.stat().st_size
            with file.open("r+b") as stream:
                _to_disk(stream.fileno(), token_bytes(size))
                stream.truncate(0)
                os.fsync(stream.fileno())
        except FileNotFoundError:
            raise KeysUnusable(f"the keys of this pulse are not in {self.path}, so they were not destroyed") from None
        except OSError as error:
            raise KeysUnusable(f"the keys of this pulse cannot be destroyed ({file}: {error.strerror})") from None

    def forget(self, wave: str) -> None:
        """Remove the empty file of a wave that the database knows as closed; a file with keys in it stays."""
        file = self._file(wave)
        try:
            if file.stat().st_size == 0:
                file.unlink()
                self._sync()
        except OSError:
            # An empty file gives nothing away: the next wave's opening tries again.
            return

    def waves(self) -> frozenset[str]:
        """The ids of all waves whose keys lie here; without a directory, none. Raises `KeysUnusable`."""
        try:
            return frozenset(file.stem for file in self.path.iterdir() if file.suffix == ".key" and file.stat().st_size)
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}") from None

    def exposed(self, wave: str) -> str | None:
        """What of the directory and the wave's file other accounts of the machine can get at, in words."""
        for path, mode in ((self.path, "700"), (self._file(wave), "600")):
            if path.exists() and path.stat().st_mode & _OTHERS:
                return f"{path} is open to other accounts: chmod {mode} {path}"
        return None

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
        try:
            _to_disk(descriptor, raw)
            self._sync()
        except OSError:
            file.unlink()
            raise
        finally:
            os.close(descriptor)

    def _sync(self) -> None:
        """Until the folder itself is on disk, a file in it may come back, or be gone, after a power cut."""
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _file(self, wave: str) -> Path:
        return self.path / f"{wave}.key"


def _to_disk(descriptor: int, raw: bytes) -> None:
    if os.write(descriptor, raw) != len(raw):
        raise OSError(28, "No space left on device")
    os.fsync(descriptor)
