"""A wave that only the works council can open, from its opening to what everybody sees."""

import stat

import pytest

from bot.errors import OperatorError
from bot.pulse.sealing import CIPHERTEXT
from bot.pulse.trustee.words import trustee_mark, with_trustee
from tests.candor import Candor
from tests.pulse.trustee.council import Council
from tests.pulse.world import begin, finish, found, keys_of, vote


def test_the_server_holds_nothing_that_opens_a_ballot(council: Council) -> None:
    wave = council.begin()
    (file,) = keys_of(council.candor).path.iterdir()
    assert keys_of(council.candor).load(wave.id, wave.key_mark).private is None
    assert bytes.fromhex(wave.public_key) in file.read_bytes()
    assert all(bytes.fromhex(pair.private) not in file.read_bytes() for pair in council.keys.keys)


def test_when_its_time_is_over_the_wave_waits_for_the_council_and_nothing_is_opened(council: Council) -> None:
    wave = council.answered()
    assert wave.state == "closing"
    for _ in range(3):
        assert council.end(wave).state == "closing"
    assert len(council.sealed(wave)) == 12
    assert council.published(wave) == (set(), [])
    said = with_trustee(wave)
    assert said is not None and trustee_mark(wave) is not None and str(trustee_mark(wave)) in said


def test_what_the_council_counts_is_what_the_server_would_have_published(council: Council) -> None:
    wave = council.answered()
    council.hand_over()
    council.count()
    assert council.hand_back()
    ended = council.end(wave)
    assert (ended.state, ended.outcome, with_trustee(ended)) == ("closed", "results", None)
    council.candor.clock.pass_by(days=21)
    plain = begin(council.candor)
    for number in range(12):
        vote(council.candor, plain, f"U{number:03}", leader=number % 2 == 0, comment=f"Comment {number:03}")
    finish(council.candor, plain)
    assert council.published(wave) == council.published(plain)
    assert len(council.published(wave)[0]) == 9
    assert len(council.published(wave)[1]) == 12


def test_afterwards_the_ballots_and_every_key_of_the_wave_are_gone(council: Council) -> None:
    wave = council.answered()
    council.hand_over()
    council.count()
    council.hand_back()
    council.end(wave)
    assert council.sealed(wave) == []
    assert list(keys_of(council.candor).path.iterdir()) == []
    assert council.keys.left == 2
    assert council.keys.pair(wave.public_key) is not None


def test_the_next_wave_is_sealed_for_the_next_key(council: Council) -> None:
    first = council.answered()
    council.hand_over()
    council.count()
    council.hand_back()
    council.end(first)
    council.candor.clock.pass_by(days=21)
    second = council.begin()
    assert second.public_key != first.public_key
    assert second.trustee == first.trustee
    assert trustee_mark(second) == trustee_mark(first)


def test_the_export_has_no_tag_no_mark_and_no_person_and_only_the_order_of_its_own_bytes(council: Council) -> None:
    wave = council.answered()
    header = council.hand_over()
    raw, sealed = council.export.read_bytes(), council.sealed(wave)
    assert header is not None and len(raw) == len(header.line) + 12 * CIPHERTEXT
    body = raw[len(header.line) :]
    pieces = [body[at : at + CIPHERTEXT] for at in range(0, len(body), CIPHERTEXT)]
    assert pieces == sorted(ciphertext[:CIPHERTEXT] for _tag, ciphertext in sealed)
    for tag, whole in sealed:
        assert tag not in raw and tag.hex().encode() not in raw and whole[CIPHERTEXT:] not in raw
    assert not any(f"U{number:03}".encode() in raw for number in range(12))


def test_an_export_is_the_same_whenever_it_is_made_and_for_its_owner_only(council: Council) -> None:
    council.answered()
    council.hand_over()
    before = council.export.read_bytes()
    assert stat.S_IMODE(council.export.stat().st_mode) == 0o600
    council.export.unlink()
    council.candor.clock.pass_by(days=3)
    council.hand_over()
    assert council.export.read_bytes() == before
    assert [file.name for file in council.shared.iterdir()] == [council.export.name]


def test_with_too_few_ballots_the_wave_ends_unopened_and_the_council_is_not_needed(council: Council) -> None:
    wave = council.answered(people=4)
    assert (wave.state, wave.outcome) == ("closed", "too few")
    with pytest.raises(OperatorError, match="no pulse is under way"):
        council.hand_over()
    assert list(council.shared.iterdir()) == []
    assert list(keys_of(council.candor).path.iterdir()) == []
    assert council.sealed(wave) == []


def test_the_councils_tallies_hold_bands_and_totals_but_no_count_of_any_answer(council: Council) -> None:
    council.answered()
    council.hand_over()
    tallies = council.count()
    assert (tallies.opened, tallies.left_out) == (12, 0)
    assert tallies.answered == {"belief:never": 12, "clarity.1": 12, "gaming": 12}
    assert set(tallies.model_dump()["cells"][0]) == {"question", "segment", "share", "unsure"}
    assert {cell.share for cell in tallies.cells} <= set(range(5))


def test_the_same_answer_twice_from_one_person_is_one_vote_for_the_council_too(council: Council) -> None:
    wave = council.begin()
    for number in range(5):
        vote(council.candor, wave, f"U{number:03}", {"gaming": "1"})
        vote(council.candor, wave, f"U{number:03}", {"gaming": "5"})
    council.over(wave)
    council.hand_over()
    assert council.count().answered == {"gaming": 5}


def test_a_candor_without_a_trustee_says_nothing_of_one(candor: Candor) -> None:
    wave = begin(candor)
    assert trustee_mark(wave) is None
    assert with_trustee(wave) is None
    assert with_trustee(found(candor, wave)) is None
