"""The trustee's keys: a private file that stays with the trustee, and a public one for the operators.

One X25519 pair for each wave to come, and one Ed25519 pair that signs: the list of public keys, and the tallies. So the
fingerprint of the verifying key, which the trustee announces, stands for all of them.
"""

from collections.abc import Collection, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import OperatorError
from bot.pulse.opening import NoWave, Trustee
from bot.pulse.trustee.disk import canonical, overwrite, require_new, write_whole

PRIVATE, PUBLIC = "trustee-private.json", "trustee-public.json"
WAVES, MOST_WAVES = 12, 520
# Hex digits: 128 bits.
COMPARED = 32
Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Hex64 = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]
_OTHERS = 0o077
_GONE = "0" * 64
_SIGNED_LIST = b"candor trustee keys\0"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pair(_Part):
    """The keys of one wave, in hex; the private one is all zeros once it is destroyed."""

    public: Hex32
    private: Hex32


class PrivateKeys(_Part):
    """What the private file holds."""

    format: Literal["candor trustee: private keys"] = "candor trustee: private keys"
    version: Literal[1] = 1
    signing: Hex32
    keys: tuple[Pair, ...] = Field(min_length=1)

    @property
    def signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.signing))

    @property
    def verifying(self) -> bytes:
        """The public half of what signs: 32 bytes."""
        return self.signer.public_key().public_bytes_raw()

    def pair(self, public: str) -> Pair | None:
        """The pair with this public key; None when it is not among the trustee's."""
        return next((pair for pair in self.keys if pair.public == public), None)

    @property
    def left(self) -> int:
        """How many waves can still be opened with these keys."""
        return sum(private_of(pair) is not None for pair in self.keys)


class PublicKeys(_Part):
    """What the public file holds: the keys in the order of their use, signed."""

    format: Literal["candor trustee: public keys"] = "candor trustee: public keys"
    version: Literal[1] = 1
    verifying: Hex32
    keys: tuple[Hex32, ...] = Field(min_length=1)
    signature: Hex64


def keygen(folder: Path, waves: int = WAVES) -> str:
    """Make the two files in a folder; returns the fingerprint. Raises `OperatorError`, and overwrites nothing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"{folder}: {error.strerror}.") from None
    for name in (PRIVATE, PUBLIC):
        require_new(folder / name)
    pairs = tuple(_new_pair() for _ in range(waves))
    keys = PrivateKeys(signing=Ed25519PrivateKey.generate().private_bytes_raw().hex(), keys=pairs)
    write_whole(folder / PRIVATE, [keys.model_dump_json(indent=1).encode(), b"\n"])
    write_whole(folder / PUBLIC, [_public(keys).model_dump_json(indent=1).encode(), b"\n"], mode=0o644)
    return fingerprint(keys.verifying)


def fingerprint(verifying: bytes) -> str:
    """How people know the trustee's keys: 32 hex digits in groups of four."""
    return grouped(sha256(verifying).hexdigest())


def grouped(digest: str) -> str:
    """As much of a SHA-256 as people compare, "1f2e 3d4c 5b6a 7988 …": nobody can make another with the same 32
    digits."""
    return " ".join(digest[at : at + 4] for at in range(0, COMPARED, 4))


def next_public(path: Path, used: Collection[str]) -> Trustee:
    """The first of the trustee's public keys that no earlier wave used; `used` are those waves' keys in hex.

    Raises `NoWave` when the file cannot be used or all of its keys have been.
    """
    try:
        keys = read_public(path)
    except OperatorError as error:
        raise NoWave(f"No pulse can be opened: {error}") from None
    for public in keys.keys:
        if public not in used:
            return Trustee(X25519PublicKey.from_public_bytes(bytes.fromhex(public)), bytes.fromhex(keys.verifying))
    raise NoWave(
        "All keys of the trustee have been used, so no pulse can be opened. "
        "The trustee makes new ones with: candor pulse trustee keygen FOLDER"
    )


def read_public(path: Path) -> PublicKeys:
    """The public file, its signature checked; raises `OperatorError`, and says so where it is the private one."""
    raw = _raw(path)
    if _is(PrivateKeys, raw):
        raise OperatorError(
            f"{path} is the trustee's PRIVATE file, which must never be on this machine: take it away, tell the "
            "trustee that these keys are known, and ask for new ones."
        )
    try:
        keys = PublicKeys.model_validate_json(raw)
        verifying = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys.verifying))
        verifying.verify(bytes.fromhex(keys.signature), _signed_list(keys.keys))
    except (ValidationError, InvalidSignature):
        raise OperatorError(f"{path} is not a public key file of a trustee as the trustee made it.") from None
    return keys


def read_private(path: Path) -> PrivateKeys:
    """The private file; raises `OperatorError`, also while other accounts could read it."""
    raw = _raw(path)
    if not _is(PrivateKeys, raw):
        raise OperatorError(f"{path} is not a private key file of a trustee.")
    if path.stat().st_mode & _OTHERS:
        raise OperatorError(f"{path} is open to other accounts: chmod 600 {path}")
    return PrivateKeys.model_validate_json(raw)


def _is(kind: type[BaseModel], raw: bytes) -> bool:
    try:
        kind.model_validate_json(raw)
    except ValidationError:
        return False
    return True


def private_of(pair: Pair) -> X25519PrivateKey | None:
    """The private key; None once it is destroyed, also when that was cut off half-way."""
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(pair.private))
    return private if private.public_key().public_bytes_raw().hex() == pair.public else None


def destroy(path: Path, pair: Pair) -> None:
    """Overwrite a wave's private key where it stands in the file; the other keys are not touched."""
    overwrite(path, pair.private.encode(), _GONE.encode())


def _raw(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror}.") from None


def _new_pair() -> Pair:
    private = X25519PrivateKey.generate()
    return Pair(public=private.public_key().public_bytes_raw().hex(), private=private.private_bytes_raw().hex())


def _public(keys: PrivateKeys) -> PublicKeys:
    public = tuple(pair.public for pair in keys.keys)
    signature = keys.signer.sign(_signed_list(public))
    return PublicKeys(verifying=keys.verifying.hex(), keys=public, signature=signature.hex())


def _signed_list(keys: Sequence[str]) -> bytes:
    return _SIGNED_LIST + canonical(list(keys))
