"""The key directory: what lies in it, who may look, and what is left of a key that is destroyed."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.pulse.keys import KeyDirectory, KeysUnusable


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
    made = keys.make("w", private.public_key())
    found = keys.load("w", made.mark)
    assert found.private is None
    assert found.public == private.public_key()
    assert private.private_bytes_raw() not in file_of(keys).read_bytes()


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
