"""The key that signs checkpoints: one file beside the keys of the pulse, in no database and no backup of it.

It opens nothing, so a copy of it does no harm to anybody's privacy; without it nothing is deleted from the ledger.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.errors import OperatorError
from bot.ledger.heads import Head
from bot.pulse.private_files import NotPrivate, read_private, require_private_folder, sync_folder
from storage.tables import LedgerCheckpoint

# Not ".key": those are the keys of waves.
FILE = "ledger.signing"
_MAGIC, _KEY = b"candor 1 ledger\0", 32
# As many hex digits as people compare.
_COMPARED = 32


class KeyUnusable(OperatorError):
    """The key that signs the ledger's checkpoints is missing, unreadable or another one: which, and the mend."""


@dataclass(frozen=True)
class SigningKey:
    """The key; `public` is its public half in hex."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)

    def checkpoint(self, last: Head, now: datetime) -> LedgerCheckpoint:
        """A signed checkpoint behind the entry `last`."""
        made = LedgerCheckpoint(
            number=last.number, hash=last.hash, made_at=now.astimezone(UTC), public_key=self.public, signature=""
        )
        made.signature = self.private.sign(_content(made)).hex()
        return made


def fingerprint(public: str) -> str:
    """How people know a key, by its public half in hex: 32 hex digits in groups of four."""
    digest = sha256(bytes.fromhex(public)).hexdigest()[:_COMPARED]
    return " ".join(digest[at : at + 4] for at in range(0, _COMPARED, 4))


def is_signed(checkpoint: LedgerCheckpoint) -> bool:
    """Whether the checkpoint is as its own key signed it; whose key that is, its fingerprint shows."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.public_key))
        public.verify(bytes.fromhex(checkpoint.signature), _content(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return True


def _content(checkpoint: LedgerCheckpoint) -> bytes:
    parts = (str(checkpoint.number), checkpoint.hash, checkpoint.made_at.astimezone(UTC).isoformat())
    return b"candor ledger checkpoint\0" + "\n".join(parts).encode()


class SigningKeys:
    """Where the key lies: the directory of `CANDOR_KEYS`, which all replicas share."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE

    def found(self) -> SigningKey | None:
        """The key; None when there is none. Raises `KeyUnusable` for one that is damaged, or that others can read."""
        try:
            require_private_folder(self.file.parent)
            raw = read_private(self.file)
        except FileNotFoundError:
            return None
        except NotPrivate as error:
            raise KeyUnusable(f"the key that signs the ledger is not used: {error}") from None
        except OSError as error:
            raise KeyUnusable(f"the key that signs the ledger cannot be read ({self.file}: {error.strerror})") from None
        if not raw.startswith(_MAGIC) or len(raw) != len(_MAGIC) + _KEY:
            raise KeyUnusable(f"the key that signs the ledger is damaged ({self.file}): put the file back")
        return SigningKey(Ed25519PrivateKey.from_private_bytes(raw[len(_MAGIC) :]))

    def made(self) -> SigningKey:
        """The key; where there is none, a new one, on disk before this returns. Raises `KeyUnusable`."""
        if (key := self.found()) is not None:
            return key
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            require_private_folder(self.file.parent)
            self._write(_MAGIC + Ed25519PrivateKey.generate().private_bytes_raw())
        except NotPrivate as error:
            raise KeyUnusable(str(error)) from None
        except OSError as error:
            raise KeyUnusable(f"{self.file}: {error.strerror}. Name another folder in CANDOR_KEYS.") from None
        return self.made()

    def _write(self, raw: bytes) -> None:
        """All of it or nothing: of two replicas that make one at once, the second takes the first one's."""
        partial = self.file.with_name(f"{FILE}.{token_hex(4)}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(raw)
                stream.flush()
                os.fsync(stream.fileno())
            self.file.hardlink_to(partial)
        except FileExistsError:
            return
        finally:
            partial.unlink()
        sync_folder(self.file.parent)
