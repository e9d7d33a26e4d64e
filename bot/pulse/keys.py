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
from typing import Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from bot.errors import CandorError, OperatorError
from bot.pulse.private_files import NotPrivate, open_own, read_private, require_private_folder, sync_folder

_KEY = 32
# What a file begins with; then its keys, of 32 bytes each: secret | private, or secret | public | verifying.
_OWN, _TRUSTEES = b"candor 1 own\0", b"candor 1 trustee\0"
_KEYS_IN = {_OWN: 2, _TRUSTEES: 3}


class KeysUnusable(CandorError, OperatorError):
    """The key directory, or this wave's file in it, is missing, unreadable or another one: which, and the mend."""


@dataclass(frozen=True)
class Trustee:
    """The public halves of a trustee's keys: what this wave is sealed for, and what signs its tallies."""

    public: X25519PublicKey
    verifying: bytes


@dataclass(frozen=True)
class WaveKeys:
    """`secret` makes tags and marks; `public` seals ballots; `private` opens them, and is None where only a trustee
    can. Then `verifying` is what the trustee's tallies are checked with; otherwise it is None."""

    secret: bytes
    public: X25519PublicKey
    private: X25519PrivateKey | None
    verifying: bytes | None = None

    @property
    def mark(self) -> str:
        """The fingerprint by which the database knows the file: 16 hex digits that reveal no key."""
        return sha256(b"candor wave keys\0" + self.raw()).hexdigest()[:16]

    def raw(self) -> bytes:
        """The bytes of the file. A trustee's public keys are in it: in the database they could be exchanged."""
        if self.private is None:
            assert self.verifying is not None
            return _TRUSTEES + self.secret + self.public.public_bytes_raw() + self.verifying
        return _OWN + self.secret + self.private.private_bytes_raw()

    def sealed_for(self, trustee: str | None) -> Self:
        """These keys, when the database says rightly for whom they seal: the trustee's verifying key in hex, or None.

        Raises `KeysUnusable` otherwise: somebody has written another one there.
        """
        if (self.verifying.hex() if self.verifying else None) != trustee:
            raise KeysUnusable(
                "the database names another trustee than the keys of this pulse do, or none: it was changed"
            )
        return self


def _parsed(raw: bytes) -> WaveKeys:
    for kind, number in _KEYS_IN.items():
        if raw.startswith(kind) and len(raw) == len(kind) + number * _KEY:
            secret, key, *rest = (raw[at : at + _KEY] for at in range(len(kind), len(raw), _KEY))
            if rest:
                return WaveKeys(secret, X25519PublicKey.from_public_bytes(key), None, *rest)
            private = X25519PrivateKey.from_private_bytes(key)
            return WaveKeys(secret, private.public_key(), private)
    raise ValueError("not the keys of a wave")


class KeyDirectory:
    """One directory, mode 0700, with a file of mode 0600 for each wave that has not closed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self, wave: str, trustee: Trustee | None = None) -> WaveKeys:
        """New keys for a wave, on disk before this returns; for a `trustee` no private one is made.

        Raises `KeysUnusable` when the directory cannot be written to, or can be read by others.
        """
        secret = token_bytes(_KEY)
        if trustee is not None:
            keys = WaveKeys(secret, trustee.public, None, trustee.verifying)
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
        """The keys of a wave whose file has this fingerprint; raises `KeysUnusable`, also while others can read it."""
        try:
            require_private_folder(self.path)
            keys = _parsed(read_private(self._file(wave)))
        except NotPrivate as error:
            raise KeysUnusable(f"the keys of this pulse are not used: {error}") from None
        except OSError as error:
            raise KeysUnusable(self._unread(error)) from None
        except ValueError:
            said = f"the keys of this pulse are damaged ({self._file(wave)}): put the file back"
            raise KeysUnusable(said) from None
        if keys.mark != mark:
            raise KeysUnusable(f"the keys in {self.path} are not those of this pulse: is it another folder?")
        return keys

    def is_there(self) -> bool:
        """Whether the directory is there, also where it cannot be looked into."""
        try:
            self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    def holds(self, wave: str) -> bool:
        """Whether something is here in the place of the wave's keys, also what is damaged, a link, or the empty file
        that destroying leaves.

        Raises `KeysUnusable` when the directory is there and cannot be looked into.
        """
        try:
            self._file(wave).lstat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}") from None
        return True

    def destroy(self, wave: str) -> None:
        """Overwrite the wave's keys and leave an empty file; nothing where that is done. Safe to repeat.

        Raises `KeysUnusable` when it cannot, or when there is no such file here: then they may live on elsewhere.
        Never follows a link: what it leads to is somebody else's, and a copy of the keys may lie there.
        """
        file = self._file(wave)
        try:
            _overwrite(open_own(file, os.O_RDWR))
        except NotPrivate as error:
            raise KeysUnusable(f"the keys of this pulse cannot be destroyed: {error}") from None
        except FileNotFoundError:
            raise KeysUnusable(f"the keys of this pulse are not in {self.path}, so they were not destroyed") from None
        except OSError as error:
            raise KeysUnusable(f"the keys of this pulse cannot be destroyed ({file}: {error.strerror})") from None

    def forget(self, wave: str) -> None:
        """Remove the empty file of a wave that the database knows as closed; a file with keys in it stays."""
        file = self._file(wave)
        try:
            found = file.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_size == 0:
                file.unlink()
                sync_folder(self.path)
        except OSError:
            # An empty file gives nothing away: the next wave's opening tries again.
            return

    def waves(self) -> frozenset[str]:
        """The ids of all waves whose keys lie here; without a directory, none. Raises `KeysUnusable`."""
        try:
            files = [file for file in self.path.iterdir() if file.suffix == ".key"]
            return frozenset(file.stem for file in files if file.lstat().st_size)
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}") from None

    def exposed(self, wave: str) -> str | None:
        """What of the directory and the wave's file is not for this account alone, in words with the mend."""
        try:
            require_private_folder(self.path)
            read_private(self._file(wave))
        except NotPrivate as error:
            return str(error)
        except OSError:
            # That something is missing is for `load` to say.
            return None
        return None

    def _unread(self, error: OSError) -> str:
        """Why a wave's file could not be read, with the mend."""
        if isinstance(error, FileNotFoundError) and self.is_there():
            return (
                f"{self.path}: this folder holds no keys of this pulse: is it another one than the other replicas use?"
            )
        mend = "bring the folder back (CANDOR_KEYS)"
        return f"the keys of this pulse cannot be read ({self.path}: {error.strerror}): {mend}"

    def _ready(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            require_private_folder(self.path)
        except NotPrivate as error:
            raise KeysUnusable(str(error)) from None
        except OSError as error:
            raise KeysUnusable(f"{self.path}: {error.strerror}. Name another folder in CANDOR_KEYS.") from None

    def _write(self, file: Path, raw: bytes) -> None:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            _to_disk(descriptor, raw)
            sync_folder(self.path)
        except OSError:
            file.unlink()
            raise
        finally:
            os.close(descriptor)

    def _file(self, wave: str) -> Path:
        return self.path / f"{wave}.key"


def _overwrite(descriptor: int) -> None:
    try:
        _to_disk(descriptor, token_bytes(os.fstat(descriptor).st_size))
        os.ftruncate(descriptor, 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _to_disk(descriptor: int, raw: bytes) -> None:
    if os.write(descriptor, raw) != len(raw):
        raise OSError(28, "No space left on device")
    os.fsync(descriptor)
