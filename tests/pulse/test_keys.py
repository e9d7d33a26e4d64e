"""The key directory: what lies in it, who may look, and what is left of a key that is destroyed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.pulse.keys import KeyDirectory, KeysUnusable, Trustee
from bot.pulse.private_files import NotPrivate, open_own

VERIFYING = b"\x07" * 32


@pytest.fixture
def keys(tmp_path: Path) -> KeyDirectory:
    return KeyDirectory(tmp_path / "keys")


def file_of(keys: KeyDirectory, wave: str = "w") -> Path:
    return keys.path / f"{wave}.key"


def test_only_the_bot_may_look_into_the_directory_and_its_files(keys: KeyDirectory) -> None:
    keys.make("w")
    assert (keys.path.stat().st_mode & 0o777, file_of(keys).stat().st_mode & 0o777) == (0o700, 0o600)


def test_keys_are_read_as_they_were_made(keys: KeyDirectory) -> None:
    made = keys.make("w")
    assert keys.load("w", made.mark).raw() == made.raw()


def test_a_trustees_wave_has_no_private_key_here(keys: KeyDirectory) -> None:
    private = X25519PrivateKey.generate()
    made = keys.make("w", Trustee(private.public_key(), VERIFYING))
    found = keys.load("w", made.mark)
    assert found.private is None
    assert (found.public, found.verifying) == (private.public_key(), VERIFYING)
    assert private.private_bytes_raw() not in file_of(keys).read_bytes()


def test_a_database_that_names_another_trustee_than_the_keys_is_not_believed(keys: KeyDirectory) -> None:
    trustee = Trustee(X25519PrivateKey.generate().public_key(), VERIFYING)
    theirs, own = keys.make("w", trustee), keys.make("other")
    assert theirs.sealed_for(VERIFYING.hex()) is theirs
    assert own.sealed_for(None) is own
    for made, named in ((theirs, None), (theirs, "08" * 32), (own, VERIFYING.hex())):
        with pytest.raises(KeysUnusable, match="names another trustee"):
            made.sealed_for(named)


def test_another_verifying_key_in_the_file_is_noticed(keys: KeyDirectory) -> None:
    made = keys.make("w", Trustee(X25519PrivateKey.generate().public_key(), VERIFYING))
    file_of(keys).write_bytes(made.raw()[:-32] + b"\x08" * 32)
    with pytest.raises(KeysUnusable, match="not those of this pulse"):
        keys.load("w", made.mark)


@pytest.mark.parametrize("cut", [1, 32, 64])
def test_a_trustees_file_that_was_cut_short_is_damaged(keys: KeyDirectory, cut: int) -> None:
    made = keys.make("w", Trustee(X25519PrivateKey.generate().public_key(), VERIFYING))
    file_of(keys).write_bytes(made.raw()[:-cut])
    with pytest.raises(KeysUnusable, match="damaged"):
        keys.load("w", made.mark)


def test_the_fingerprint_tells_exchanged_keys_and_changed_ones(keys: KeyDirectory) -> None:
    mark, other = keys.make("w").mark, keys.make("other")
    file_of(keys).write_bytes(other.raw())
    with pytest.raises(KeysUnusable, match="not those of this pulse"):
        keys.load("w", mark)
    file_of(keys).write_bytes(other.raw()[:-1])
    with pytest.raises(KeysUnusable, match="damaged"):
        keys.load("w", mark)


def test_a_directory_that_others_can_read_takes_no_keys(keys: KeyDirectory) -> None:
    keys.path.mkdir(mode=0o755)
    keys.path.chmod(0o755)
    with pytest.raises(KeysUnusable, match="chmod 700"):
        keys.make("w")
    assert list(keys.path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_keys_that_others_can_read_are_not_used_until_that_is_mended(keys: KeyDirectory, mode: int) -> None:
    mark = keys.make("w").mark
    for path, closed, opened in ((file_of(keys), 0o600, mode), (keys.path, 0o700, mode | 0o700)):
        path.chmod(opened)
        with pytest.raises(KeysUnusable, match=f"not used: .* is open to other accounts: chmod {closed:o} "):
            keys.load("w", mark)
        assert f"chmod {closed:o}" in (keys.exposed("w") or "")
        path.chmod(closed)
        keys.load("w", mark)
        assert keys.exposed("w") is None


def test_keys_that_others_could_read_are_still_destroyed(keys: KeyDirectory) -> None:
    keys.make("w")
    file_of(keys).chmod(0o644)
    keys.destroy("w")
    assert file_of(keys).read_bytes() == b""


def test_a_link_in_the_place_of_the_keys_is_neither_read_nor_written_over(keys: KeyDirectory, tmp_path: Path) -> None:
    made, elsewhere = keys.make("w"), tmp_path / "elsewhere"
    file_of(keys).rename(elsewhere)
    file_of(keys).symlink_to(elsewhere)
    with pytest.raises(KeysUnusable, match="is a link"):
        keys.load("w", made.mark)
    with pytest.raises(KeysUnusable, match=r"cannot be destroyed: .* is a link"):
        keys.destroy("w")
    keys.forget("w")
    assert keys.holds("w")
    assert elsewhere.read_bytes() == made.raw()
    assert file_of(keys).is_symlink()


def test_a_link_to_nowhere_is_not_taken_for_keys_that_are_gone(keys: KeyDirectory, tmp_path: Path) -> None:
    keys.make("other")
    file_of(keys).symlink_to(tmp_path / "nowhere")
    assert keys.holds("w") and keys.waves() == {"w", "other"}
    with pytest.raises(KeysUnusable, match="is a link"):
        keys.destroy("w")


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_neither_read_nor_waited_for(keys: KeyDirectory, put: Callable[[Path], None]) -> None:
    mark = keys.make("w").mark
    file_of(keys).unlink()
    put(file_of(keys))
    for act in (lambda: keys.load("w", mark), lambda: keys.destroy("w")):
        with pytest.raises(KeysUnusable):
            act()


def test_a_file_of_another_account_is_not_believed(tmp_path: Path) -> None:
    theirs = Path("/etc/passwd")
    if os.geteuid() == theirs.stat().st_uid:
        theirs = tmp_path / "theirs"
        theirs.touch(mode=0o600)
        os.chown(theirs, 12345, -1)
    with pytest.raises(NotPrivate, match="belongs to another account"):
        open_own(theirs, os.O_RDONLY)


def test_a_link_to_a_private_directory_will_do_and_one_to_an_open_directory_will_not(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.mkdir(mode=0o700)
    link.symlink_to(target)
    keys = KeyDirectory(link)
    mark = keys.make("w").mark
    keys.load("w", mark)
    target.chmod(0o750)
    with pytest.raises(KeysUnusable, match="chmod 700"):
        keys.load("w", mark)
    with pytest.raises(KeysUnusable, match="chmod 700"):
        keys.make("another")
    target.chmod(0o700)
    keys.destroy("w")
    keys.forget("w")
    assert list(target.iterdir()) == []


def test_a_file_in_the_place_of_the_directory_is_said(keys: KeyDirectory) -> None:
    keys.path.write_text("")
    with pytest.raises(KeysUnusable, match="CANDOR_KEYS"):
        keys.make("w")


def test_keys_are_never_written_over(keys: KeyDirectory) -> None:
    mark = keys.make("w").mark
    with pytest.raises(KeysUnusable):
        keys.make("w")
    keys.load("w", mark)


def test_nothing_is_left_of_destroyed_keys_but_an_empty_file(keys: KeyDirectory) -> None:
    mark = keys.make("w").mark
    for _ in range(2):
        keys.destroy("w")
        assert (file_of(keys).read_bytes(), keys.waves()) == (b"", frozenset())
    with pytest.raises(KeysUnusable):
        keys.load("w", mark)
    keys.forget("w")
    assert list(keys.path.iterdir()) == []


def test_destroying_writes_over_the_bytes_and_not_only_their_name(keys: KeyDirectory) -> None:
    raw = keys.make("w").raw()
    # A second name of the same file, as an undelete would find it.
    other = keys.path / "second name"
    other.hardlink_to(file_of(keys))
    keys.destroy("w")
    keys.forget("w")
    assert raw not in other.read_bytes()


def test_removing_only_the_name_leaves_the_bytes(keys: KeyDirectory) -> None:
    """The counter-proof of the test before."""
    raw = keys.make("w").raw()
    other = keys.path / "second name"
    other.hardlink_to(file_of(keys))
    file_of(keys).unlink()
    assert other.read_bytes() == raw


def test_keys_that_are_not_here_cannot_be_destroyed(keys: KeyDirectory) -> None:
    with pytest.raises(KeysUnusable, match="were not destroyed"):
        keys.destroy("w")


def test_forgetting_never_removes_keys(keys: KeyDirectory) -> None:
    mark = keys.make("w").mark
    keys.forget("w")
    keys.load("w", mark)


def test_a_folder_without_the_file_is_told_from_no_folder(keys: KeyDirectory) -> None:
    mark = keys.make("w").mark
    file_of(keys).unlink()
    with pytest.raises(KeysUnusable, match="holds no keys of this pulse: is it another one than the other"):
        keys.load("w", mark)
    keys.path.rmdir()
    with pytest.raises(KeysUnusable, match=r"cannot be read .*: bring the folder back \(CANDOR_KEYS\)"):
        keys.load("w", mark)


@pytest.mark.parametrize("raw", [b"", b"no key"])
def test_a_damaged_or_empty_file_is_to_be_put_back(keys: KeyDirectory, raw: bytes) -> None:
    mark = keys.make("w").mark
    file_of(keys).write_bytes(raw)
    with pytest.raises(KeysUnusable, match=r"damaged \(.*w\.key\): put the file back"):
        keys.load("w", mark)
