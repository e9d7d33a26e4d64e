"""Which ballots leave the server, when, and which do not."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import OperatorError
from bot.pulse.keys import KeysUnusable
from bot.pulse.sealing import CIPHERTEXT
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.trustee.council import Council
from tests.pulse.world import begin, keys_of, vote


def write(council: Council, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
    """What somebody does who can write to the database."""
    with council.candor.sessions.begin() as session:
        session.connection().execute(text(sql), list(rows))


def add(council: Council, wave: Wave, rows: Sequence[tuple[bytes, bytes]]) -> None:
    rows_of: list[Mapping[str, object]] = [{"tag": tag, "wave": wave.id, "sealed": sealed} for tag, sealed in rows]
    write(council, "INSERT INTO ballot (tag, wave, sealed) VALUES (:tag, :wave, :sealed)", rows_of)


def test_while_a_pulse_takes_answers_nothing_is_exported(council: Council) -> None:
    wave = council.begin()
    vote(council.candor, wave, "U001")
    with pytest.raises(OperatorError, match="pulse 1 still takes answers, until 2026-"):
        council.hand_over()
    assert list(council.shared.iterdir()) == []


def test_a_pulse_that_the_server_counts_is_not_exported(candor: Candor, council: Council) -> None:
    begin(candor)
    with pytest.raises(OperatorError, match="pulse 1 has no trustee"):
        council.hand_over()


def test_without_a_pulse_there_is_nothing_to_export(council: Council) -> None:
    with pytest.raises(OperatorError, match="no pulse is under way"):
        council.hand_over()


def test_a_counted_pulse_is_not_exported_again(council: Council) -> None:
    council.answered()
    council.hand_over()
    council.count()
    council.hand_back()
    council.export.unlink()
    with pytest.raises(OperatorError, match="has been counted already"):
        council.hand_over()


def test_a_file_that_is_there_is_never_written_over(council: Council) -> None:
    council.answered()
    council.export.write_text("something else")
    with pytest.raises(OperatorError, match="exists already"):
        council.hand_over()
    assert council.export.read_text() == "something else"


def test_a_folder_that_is_not_there_is_said_in_words_and_the_pulse_goes_on_waiting(council: Council) -> None:
    wave = council.answered()
    council.shared = council.shared / "nowhere"
    with pytest.raises(OperatorError, match="cannot be written: No such file"):
        council.hand_over()
    assert council.end(wave).state == "closing"


def test_without_its_keys_the_server_cannot_tell_its_ballots_and_exports_none(council: Council) -> None:
    wave = council.answered()
    (keys_of(council.candor).path / f"{wave.id}.key").write_bytes(b"")
    with pytest.raises(KeysUnusable):
        council.hand_over()
    assert list(council.shared.iterdir()) == []
    assert len(council.sealed(wave)) == 12


def test_what_somebody_put_into_the_database_does_not_leave_it(council: Council) -> None:
    wave = council.answered()
    true = council.sealed(wave)
    copied, own = true[0][1], b"\x01" * len(true[0][1])
    add(council, wave, [(b"\xff" * 32, copied), (b"\xfe" * 32, own), (b"\xfd" * 32, b"short")])
    header = council.hand_over()
    assert header is not None and header.ballots == 12
    assert council.export.read_bytes().count(copied[:CIPHERTEXT]) == 1
    assert own[:64] not in council.export.read_bytes()
    assert council.count().opened == 12


def test_a_plain_export_of_the_same_rows_would_count_the_copied_ballot_twice(council: Council) -> None:
    """The counter-proof: without the mark, whoever writes to the database votes as often as they like."""
    wave = council.answered()
    true = council.sealed(wave)
    add(council, wave, [(b"\xff" * 32, true[0][1])])
    plain = sorted(sealed[:CIPHERTEXT] for _tag, sealed in council.sealed(wave))
    assert plain.count(true[0][1][:CIPHERTEXT]) == 2


def test_with_too_few_ballots_that_this_server_sealed_none_is_handed_over(council: Council) -> None:
    wave = council.begin()
    for number in range(12):
        vote(council.candor, wave, f"U{number:03}")
    spoiled = [{"tag": tag} for tag, _sealed in council.sealed(wave)[4:]]
    write(council, "UPDATE ballot SET sealed = substr(sealed, 2) WHERE tag = :tag", spoiled)
    ended = council.over(wave)
    assert (ended.state, ended.outcome, ended.export_mark) == ("closed", "too few", None)
    with pytest.raises(OperatorError, match="no pulse is under way"):
        council.hand_over()
    assert list(council.shared.iterdir()) == []
    assert council.published(wave) == (set(), [])


def test_how_many_were_left_out_is_logged_and_whose_they_were_is_not(
    council: Council, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    wave = council.begin()
    for number in range(12):
        vote(council.candor, wave, f"U{number:03}")
    tag = council.sealed(wave)[0][0]
    write(council, "UPDATE ballot SET sealed = substr(sealed, 2) WHERE tag = :tag", [{"tag": tag}])
    council.over(wave)
    council.hand_over()
    said = caplog.text + capsys.readouterr().out
    assert "left_out=1" in said
    assert tag.hex() not in said and wave.id not in said


def test_what_is_exported_says_nothing_of_the_order_in_which_people_answered(council: Council, tmp_path: Path) -> None:
    wave = council.begin()
    came: list[bytes] = []
    for number in range(20):
        vote(council.candor, wave, f"U{number:03}")
        here = {sealed[:CIPHERTEXT] for _tag, sealed in council.sealed(wave)}
        came += here - set(came)
    council.over(wave)
    header = council.hand_over()
    assert header is not None
    body = council.export.read_bytes()[len(header.line) :]
    exported = [body[at : at + CIPHERTEXT] for at in range(0, len(body), CIPHERTEXT)]
    assert exported == sorted(came) != came
