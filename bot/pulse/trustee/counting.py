"""The trustee's side: open a wave's ballots, count them, sign what everybody may see, and destroy the wave's key.

Needs no settings and no database. The key is destroyed only once the signed tallies are on disk; a kill before that
leaves everything as it was, and one after it lets the same command finish.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.errors import OperatorError
from bot.pulse.banding import gates_of, publishable
from bot.pulse.envelope import Ballot, unpack
from bot.pulse.sealing import NotSealedHere, opened
from bot.pulse.tallying import count
from bot.pulse.trustee import keyfile
from bot.pulse.trustee.disk import require_new, write_whole
from bot.pulse.trustee.export import Header, ciphertexts, opened_export, require_whole
from bot.pulse.trustee.keyfile import Pair, PrivateKeys
from bot.pulse.trustee.tallies import Tallies, signed, tallies_of, verified


@dataclass(frozen=True)
class Done:
    """What closing came to. `before` says that the tallies were there already, from an earlier call."""

    header: Header
    tallies: Tallies
    keys_left: int
    before: bool = False


def look(export: Path, private: Path) -> Header:
    """What would be opened, with nothing opened yet; raises `OperatorError` when the export is not whole, not for
    these keys, or too small."""
    keys = keyfile.read_private(private)
    with opened_export(export) as (header, stream):
        _pair(keys, header)
        require_whole(export, header, stream)
    smallest = gates_of(header).smallest
    if header.ballots < smallest:
        raise OperatorError(f"{export} has fewer ballots than the smallest group of {smallest}. Nothing was opened.")
    return header


def close(export: Path, private: Path, out: Path) -> Done:
    """Count an export, write the signed tallies, then destroy the private key of its wave in the private file.

    Raises `OperatorError`, and then the key is still there. Safe to repeat until the tallies are handed over: with the
    tallies of this export in `out` already, it only makes sure that the key is destroyed.
    """
    header, keys = look(export, private), keyfile.read_private(private)
    pair = _pair(keys, header)
    before = _written(out, header, keys)
    if before is None:
        require_new(out)
    tallies = before or _counted(export, pair)
    if before is None:
        write_whole(out, [signed(tallies, keys.signer)])
    keyfile.destroy(private, pair)
    return Done(header, tallies, keyfile.read_private(private).left, before is not None)


def _pair(keys: PrivateKeys, header: Header) -> Pair:
    pair = keys.pair(header.public_key)
    if pair is None or keys.verifying.hex() != header.trustee:
        raise OperatorError("these ballots are not sealed for the keys in this file. Nothing was opened.")
    return pair


def _written(out: Path, header: Header, keys: PrivateKeys) -> Tallies | None:
    """The tallies that an earlier call made of this export."""
    try:
        found = verified(out.read_bytes(), keys.verifying)
    except (OSError, OperatorError):
        return None
    return found if found.export == header.mark else None


def _counted(export: Path, pair: Pair) -> Tallies:
    private = keyfile.private_of(pair)
    if private is None:
        raise OperatorError("the key of this pulse is destroyed: it was closed before, and its tallies were written.")
    with opened_export(export) as (header, stream):
        total = count(header.questions, _ballots(stream, private, header.wave))
    found = publishable(header.questions, total, header.smallest_group, header.smallest_group_comments)
    return tallies_of(header, total, found)


def _ballots(stream: BinaryIO, private: X25519PrivateKey, wave: str) -> Iterator[Ballot]:
    """Each ballot that can be opened; those that cannot are counted as left out."""
    for ciphertext in ciphertexts(stream):
        try:
            yield unpack(opened(ciphertext, private, wave))
        except (NotSealedHere, ValueError):
            continue
