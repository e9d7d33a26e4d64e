"""The trustee's two files."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.errors import OperatorError
from bot.pulse.opening import NoWave
from bot.pulse.trustee.keyfile import (
    PRIVATE,
    PUBLIC,
    destroy,
    fingerprint,
    keygen,
    next_public,
    private_of,
    read_private,
    read_public,
)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    keygen(tmp_path / "keys", waves=3)
    return tmp_path / "keys"


def changed(file: Path, **values: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def test_the_private_file_can_be_read_by_its_owner_only_and_nothing_of_it_is_in_the_public_one(made: Path) -> None:
    private, public = read_private(made / PRIVATE), (made / PUBLIC).read_text()
    assert stat.S_IMODE((made / PRIVATE).stat().st_mode) == 0o600
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert all(pair.private not in public for pair in private.keys)
    assert private.signing not in public
    assert [pair.public for pair in private.keys] == list(read_public(made / PUBLIC).keys)
    assert private.left == 3


def test_the_fingerprint_is_the_same_for_both_files_and_another_for_other_keys(made: Path, tmp_path: Path) -> None:
    mark = fingerprint(read_private(made / PRIVATE).verifying)
    assert mark == fingerprint(bytes.fromhex(read_public(made / PUBLIC).verifying))
    assert [len(part) for part in mark.split(" ")] == [4] * 8
    assert keygen(tmp_path / "others") != mark


def test_keys_are_never_written_over_earlier_ones(made: Path) -> None:
    before = (made / PRIVATE).read_bytes(), (made / PUBLIC).read_bytes()
    with pytest.raises(OperatorError, match="exists already"):
        keygen(made)
    assert before == ((made / PRIVATE).read_bytes(), (made / PUBLIC).read_bytes())
    (made / PRIVATE).rename(made / "elsewhere")
    with pytest.raises(OperatorError, match="exists already"):
        keygen(made)
    assert not (made / PRIVATE).exists()


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match="Not a directory"):
        keygen(tmp_path / "file" / "keys")


def test_every_key_is_given_to_one_wave_only_and_the_last_one_is_the_last(made: Path) -> None:
    used: set[str] = set()
    for pair in read_private(made / PRIVATE).keys:
        given = next_public(made / PUBLIC, used)
        assert given.public.public_bytes_raw().hex() == pair.public
        used.add(pair.public)
    with pytest.raises(NoWave, match="All keys of the trustee have been used"):
        next_public(made / PUBLIC, used)


def test_a_key_that_somebody_else_put_into_the_public_file_seals_nothing(made: Path) -> None:
    own = X25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    changed(made / PUBLIC, keys=[own])
    with pytest.raises(NoWave, match="as the trustee made it"):
        next_public(made / PUBLIC, ())


def test_keys_in_another_order_are_refused_as_well(made: Path) -> None:
    keys = list(read_public(made / PUBLIC).keys)
    changed(made / PUBLIC, keys=keys[::-1])
    with pytest.raises(NoWave):
        next_public(made / PUBLIC, ())


def test_a_list_that_was_signed_by_somebody_else_is_refused(made: Path, tmp_path: Path) -> None:
    keygen(tmp_path / "others", waves=3)
    changed(made / PUBLIC, verifying=json.loads((tmp_path / "others" / PUBLIC).read_text())["verifying"])
    with pytest.raises(NoWave):
        next_public(made / PUBLIC, ())


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"\xff\xfe", b'{"format": "candor trustee: private keys"}', b"[" * 9999]
)
def test_other_files_are_not_key_files(made: Path, raw: bytes) -> None:
    for name in (PRIVATE, PUBLIC):
        (made / name).write_bytes(raw)
    with pytest.raises(OperatorError, match="is not a private key file"):
        read_private(made / PRIVATE)
    with pytest.raises(OperatorError, match="is not a public key file"):
        read_public(made / PUBLIC)


def test_the_private_file_in_the_place_of_the_public_one_is_called_what_it_is(made: Path) -> None:
    with pytest.raises(NoWave, match="PRIVATE file, which must never be on this machine"):
        next_public(made / PRIVATE, ())
    with pytest.raises(OperatorError, match="is not a private key file"):
        read_private(made / PUBLIC)


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    for name in ("trustee.json", "no/such/folder.json"):
        with pytest.raises(NoWave, match="No such file"):
            next_public(tmp_path / name, ())


def test_a_private_file_that_others_can_read_is_not_used(made: Path) -> None:
    (made / PRIVATE).chmod(0o640)
    with pytest.raises(OperatorError, match="chmod 600"):
        read_private(made / PRIVATE)


def test_a_destroyed_key_is_gone_from_the_file_and_the_others_are_untouched(made: Path) -> None:
    before = read_private(made / PRIVATE)
    destroy(made / PRIVATE, before.keys[1])
    after = read_private(made / PRIVATE)
    assert before.keys[1].private not in (made / PRIVATE).read_text()
    assert (after.keys[0], after.keys[2], after.signing) == (before.keys[0], before.keys[2], before.signing)
    assert private_of(after.keys[1]) is None
    assert after.left == 2


def test_a_destruction_that_was_cut_off_is_finished_by_the_next(made: Path) -> None:
    before = read_private(made / PRIVATE)
    secret = before.keys[0].private
    half = "0" * 32 + secret[32:]
    (made / PRIVATE).write_text((made / PRIVATE).read_text().replace(secret, half))
    cut_off = read_private(made / PRIVATE)
    assert private_of(cut_off.keys[0]) is None
    destroy(made / PRIVATE, cut_off.keys[0])
    assert secret[32:] not in (made / PRIVATE).read_text()
    assert read_private(made / PRIVATE).keys[1:] == before.keys[1:]
