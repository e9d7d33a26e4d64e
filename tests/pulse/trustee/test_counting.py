"""What the trustee's machine opens, what it refuses, and when the key dies."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import OperatorError
from bot.pulse.sealing import CIPHERTEXT, SUITE
from bot.pulse.trustee import counting, keyfile
from bot.pulse.trustee.disk import read_json
from bot.pulse.trustee.export import Header, opened_export
from tests.pulse.trustee.council import Council


@pytest.fixture
def handed(council: Council) -> Council:
    council.answered()
    council.hand_over()
    return council


def rewritten(council: Council, change: Callable[[Header, list[bytes]], tuple[Header, list[bytes]]]) -> None:
    """Put another export in the place of the true one."""
    raw, header = council.export.read_bytes(), council.header
    body = raw[len(header.line) :]
    header, pieces = change(header, [body[at : at + CIPHERTEXT] for at in range(0, len(body), CIPHERTEXT)])
    council.export.write_bytes(header.line + b"".join(pieces))


def test_the_key_dies_once_the_tallies_are_on_disk_and_only_this_one(handed: Council) -> None:
    before = handed.private.read_bytes()
    pair = handed.keys.keys[0]
    handed.count()
    assert handed.private.read_bytes() == before.replace(pair.private.encode(), b"0" * 64)
    assert handed.signed_tallies().number == 1


def test_after_a_kill_between_tallies_and_key_the_same_command_finishes(handed: Council, tmp_path: Path) -> None:
    kept = tmp_path / "as-it-was.json"
    shutil.copy(handed.private, kept)
    handed.count()
    first = handed.tallies.read_bytes()
    shutil.copy(kept, handed.private)
    done = counting.close(handed.export, handed.private, handed.tallies)
    assert done.before and done.keys_left == 2
    assert handed.tallies.read_bytes() == first


def test_the_same_ballots_give_the_same_bytes_whenever_they_are_counted(handed: Council, tmp_path: Path) -> None:
    kept = tmp_path / "as-it-was.json"
    shutil.copy(handed.private, kept)
    handed.count()
    first = handed.tallies.read_bytes()
    handed.tallies.unlink()
    shutil.copy(kept, handed.private)
    handed.count()
    assert handed.tallies.read_bytes() == first


def test_a_second_call_opens_nothing_and_says_that_it_was_done(handed: Council) -> None:
    handed.count()
    first = handed.tallies.read_bytes()
    assert counting.close(handed.export, handed.private, handed.tallies).before
    assert handed.tallies.read_bytes() == first
    handed.tallies.unlink()
    with pytest.raises(OperatorError, match="the key of this pulse is destroyed"):
        handed.count()


def test_a_file_in_the_place_of_the_tallies_is_kept_and_nothing_is_opened(handed: Council) -> None:
    handed.tallies.write_text("mine")
    with pytest.raises(OperatorError, match="exists already"):
        handed.count()
    assert (handed.tallies.read_text(), handed.keys.left) == ("mine", 3)


def test_when_the_tallies_cannot_be_written_the_key_lives_on(handed: Council) -> None:
    handed.shared = handed.shared / "nowhere"
    with pytest.raises(OperatorError, match="cannot be written"):
        counting.close(handed.shared.parent / handed.export.name, handed.private, handed.tallies)
    assert handed.keys.left == 3


def test_ballots_for_other_keys_are_refused(handed: Council, tmp_path: Path) -> None:
    keyfile.keygen(tmp_path / "others", waves=3)
    with pytest.raises(OperatorError, match="not sealed for the keys in this file"):
        counting.close(handed.export, tmp_path / "others" / keyfile.PRIVATE, handed.tallies)


def test_an_export_that_names_another_signer_is_refused(handed: Council) -> None:
    rewritten(handed, lambda header, pieces: (header.model_copy(update={"trustee": "ab" * 32}), pieces))
    with pytest.raises(OperatorError, match="not sealed for the keys in this file"):
        handed.count()


@pytest.mark.parametrize(
    "change",
    [
        lambda header, pieces: (header, pieces[:-1]),
        lambda header, pieces: (header, pieces[::-1]),
        lambda header, pieces: (header, [*pieces, pieces[-1]]),
        lambda header, pieces: (header, [pieces[0], *pieces]),
        lambda header, pieces: (header, [*pieces[:-1], pieces[-1][:-1]]),
        lambda header, pieces: (header, [*pieces[:-1], bytes([*pieces[-1][:-1], pieces[-1][-1] ^ 1])]),
        lambda header, pieces: (header.model_copy(update={"ballots": 11}), pieces),
        lambda header, pieces: (header.model_copy(update={"sha256": "0" * 64}), pieces),
    ],
)
def test_an_export_that_is_not_whole_is_refused_and_the_key_lives_on(
    handed: Council, change: Callable[[Header, list[bytes]], tuple[Header, list[bytes]]]
) -> None:
    rewritten(handed, change)
    with pytest.raises(OperatorError, match="damaged or was changed"):
        handed.count()
    assert handed.keys.left == 3
    assert not handed.tallies.exists()


@pytest.mark.parametrize("smallest", [1, 5, 40])
def test_an_export_that_asks_for_too_little_is_not_opened(handed: Council, smallest: int) -> None:
    """Whatever the export says is the smallest group: below five, and below what it says, nothing is opened."""
    few = 4 if smallest < 40 else 12

    def cut(header: Header, pieces: list[bytes]) -> tuple[Header, list[bytes]]:
        found = sha256(b"".join(pieces[:few])).hexdigest()
        values = {"ballots": few, "sha256": found, "smallest_group": smallest}
        return header.model_copy(update=values), pieces[:few]

    rewritten(handed, cut)
    with pytest.raises(OperatorError, match="fewer ballots than the smallest group"):
        handed.count()
    assert handed.keys.left == 3


def test_ballots_that_cannot_be_opened_are_left_out_and_said(handed: Council) -> None:
    public = keyfile.private_of(handed.keys.keys[0])
    assert public is not None

    def spoilt(header: Header, pieces: list[bytes]) -> tuple[Header, list[bytes]]:
        other_wave = SUITE.encrypt(b"x" * 2560, public.public_key(), info=b"another wave")
        no_ballot = SUITE.encrypt(b"\xff" * 2560, public.public_key(), info=header.wave.encode())
        pieces = sorted([*pieces, other_wave, no_ballot])
        found = sha256(b"".join(pieces)).hexdigest()
        return header.model_copy(update={"ballots": 14, "sha256": found}), pieces

    rewritten(handed, spoilt)
    tallies = handed.count()
    assert (tallies.opened, tallies.left_out) == (12, 2)


def test_the_council_opens_with_its_own_floor_even_when_the_export_names_none(handed: Council) -> None:
    values = {"smallest_group": 1, "smallest_group_comments": 1}

    def loosened(header: Header, pieces: list[bytes]) -> tuple[Header, list[bytes]]:
        found = sha256(b"".join(pieces[:5])).hexdigest()
        return header.model_copy(update=values | {"ballots": 5, "sha256": found}), pieces[:5]

    rewritten(handed, loosened)
    tallies = handed.count()
    assert all(cell.segment == "everyone" for cell in tallies.cells)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(raw=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: f'{{"format": "{text}"}}\n'.encode()))
def test_no_bytes_are_taken_for_an_export_that_are_none(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.mktemp("bytes") / "ballots"
    file.write_bytes(raw)
    with pytest.raises(OperatorError), opened_export(file):
        pass


def test_deep_nesting_is_a_damaged_file_and_no_crash() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        read_json(b"[" * 100_000)
