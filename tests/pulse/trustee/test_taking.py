"""Which tallies the server takes from the trustee, and which it refuses; a refusal changes nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.errors import OperatorError
from bot.pulse import health
from bot.pulse.closing import abandon
from bot.pulse.keys import KeysUnusable
from bot.pulse.trustee import keyfile
from bot.pulse.trustee.tallies import Tallies, signed, verified
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.pulse.trustee.council import Council, refused
from tests.pulse.world import COMMENT, GAMING, QUESTIONS, begin, found, keys_of, vote


def test_a_changed_byte_anywhere_in_the_tallies_is_refused(counted: Council) -> None:
    true = counted.tallies.read_bytes()
    for at in range(0, len(true) - 1, len(true) // 40):
        counted.tallies.write_bytes(true[:at] + bytes([true[at] ^ 1]) + true[at + 1 :])
        refused(counted, "the tallies are refused")
    counted.tallies.write_bytes(true)
    assert counted.hand_back()


def test_another_key_than_the_trustees_signs_nothing(counted: Council, tmp_path: Path) -> None:
    keyfile.keygen(tmp_path / "others", waves=1)
    other = keyfile.read_private(tmp_path / "others" / keyfile.PRIVATE)
    counted.tallies.write_bytes(signed(counted.signed_tallies(), other.signer))
    refused(counted, "the signature is not the trustee's")


def test_comments_are_refused_when_too_few_have_answered_for_them(council: Council) -> None:
    council.answered(people=9)
    council.hand_over()
    true = council.count()
    assert true.comments == ()
    council.sign(true.model_copy(update={"comments": ("Comment",)}))
    refused(council, "too few have answered for comments")


def test_comments_are_refused_when_the_pulse_asked_for_none(council: Council) -> None:
    council.answered(questions=[question for question in QUESTIONS if question != COMMENT])
    council.hand_over()
    true = council.count()
    council.sign(true.model_copy(update={"comments": ("Comment",)}))
    refused(council, "for which the pulse did not ask")


def test_ballots_that_changed_after_the_export_are_noticed(counted: Council) -> None:
    tag = counted.sealed(counted.waiting)[0][0]
    with counted.candor.sessions.begin() as session:
        session.connection().execute(text("DELETE FROM ballot WHERE tag = :tag"), {"tag": tag})
    refused(counted, "no longer what the bot announced")


def test_a_verifying_key_put_into_the_database_verifies_nothing(counted: Council, tmp_path: Path) -> None:
    keyfile.keygen(tmp_path / "others", waves=1)
    other = keyfile.read_private(tmp_path / "others" / keyfile.PRIVATE)
    true, good, trustee = counted.signed_tallies(), counted.tallies.read_bytes(), counted.waiting.trustee
    counted.tallies.write_bytes(signed(true.model_copy(update={"comments": ()}), other.signer))
    written(counted, trustee=other.verifying.hex())
    with pytest.raises(KeysUnusable, match="names another trustee"):
        counted.hand_back()
    assert len(counted.sealed(counted.waiting)) == 12
    written(counted, trustee=trustee)
    refused(counted, "the signature is not the trustee's")
    counted.tallies.write_bytes(good)
    assert counted.hand_back()


def written(council: Council, **values: object) -> None:
    """What somebody writes into the wave's row."""
    (name,) = values
    with council.candor.sessions.begin() as session:
        session.connection().execute(text(f"UPDATE wave SET {name} = :{name}"), values)


@pytest.mark.parametrize("trustee", [None, "ab" * 32])
def test_a_wave_whose_trustee_was_changed_in_the_database_waits_in_words(council: Council, trustee: str | None) -> None:
    wave = council.begin()
    for number in range(12):
        vote(council.candor, wave, f"U{number:03}")
    written(council, trustee=trustee)
    for _ in range(2):
        with pytest.raises(KeysUnusable, match="names another trustee than the keys of this pulse do, or none"):
            council.over(wave)
    said = health.trouble(keys_of(council.candor), found(council.candor, wave))
    assert said is not None and "it was changed" in said
    written(council, trustee=wave.trustee)
    assert council.over(wave).export_mark is not None


def test_a_trustee_put_into_the_row_of_a_wave_without_one_is_noticed(council: Council) -> None:
    wave = begin(council.candor)
    for number in range(12):
        vote(council.candor, wave, f"U{number:03}")
    written(council, trustee="ab" * 32)
    with pytest.raises(KeysUnusable, match="names another trustee"):
        council.over(wave)
    written(council, trustee=None)
    assert council.over(wave).outcome == "results"


def test_comments_that_came_in_by_another_way_than_the_form_do_not_lose_the_wave(council: Council) -> None:
    wave = council.begin()
    for number in range(12):
        vote(council.candor, wave, f"U{number:03}", comment=f"\x1b[2J \u202eComment {number:03}\r\n")
    council.over(wave)
    council.hand_over()
    assert council.count().comments[0] == "[2J Comment 000"
    assert council.hand_back()


def test_tallies_of_an_earlier_pulse_do_nothing_to_the_next(counted: Council) -> None:
    first, earlier = counted.waiting, counted.tallies.read_bytes()
    assert counted.hand_back()
    counted.end(first)
    shown = counted.published(first)
    counted.candor.clock.pass_by(days=21)
    counted.export.unlink()
    counted.tallies.unlink()
    second = counted.answered(questions=[GAMING, COMMENT])
    counted.tallies.write_bytes(earlier)
    assert not counted.hand_back()
    assert (found(counted.candor, second).state, len(counted.sealed(second))) == ("closing", 12)
    assert counted.published(first) == shown


def test_the_same_tallies_twice_have_no_effect_twice(counted: Council) -> None:
    wave = counted.waiting
    assert counted.hand_back()
    assert not counted.hand_back()
    ended = counted.end(wave)
    shown = counted.published(wave)
    assert not counted.hand_back()
    assert counted.published(wave) == shown
    assert found(counted.candor, wave).closed_at == ended.closed_at


def test_tallies_of_a_pulse_that_was_ended_meanwhile_have_no_effect(counted: Council) -> None:
    wave = counted.waiting
    abandon(counted.candor.sessions, keys_of(counted.candor), wave.id, counted.candor.clock(), "we lost the keys")
    assert not counted.hand_back()
    assert found(counted.candor, wave).outcome == "stopped"
    assert counted.published(wave) == (set(), [])


def test_without_its_keys_the_server_checks_nothing_and_takes_nothing(counted: Council) -> None:
    wave, folder = counted.waiting, keys_of(counted.candor).path
    elsewhere = folder.rename(folder.with_name(f"{folder.name}-elsewhere"))
    with pytest.raises(KeysUnusable, match="cannot be read"):
        counted.hand_back()
    assert (found(counted.candor, wave).state, len(counted.sealed(wave))) == ("closing", 12)
    elsewhere.rename(folder)
    assert counted.hand_back()


def test_the_same_tallies_in_two_processes_at_once_are_published_once(counted: Council) -> None:
    wave = counted.waiting
    with ThreadPoolExecutor(2) as pool:
        taken = [future.result() for future in [pool.submit(counted.hand_back) for _ in range(2)]]
    assert any(taken)
    counted.end(wave)
    assert len(counted.published(wave)[0]) == 9
    assert len(counted.published(wave)[1]) == 12


def empty(wave: str) -> Tallies:
    return Tallies(wave=wave, number=1, export="0" * 64, opened=0, left_out=0, answered={}, cells=(), comments=())


def test_before_the_pulse_is_over_tallies_of_it_are_refused(council: Council) -> None:
    wave = council.begin()
    council.sign(empty(wave.id))
    with pytest.raises(OperatorError, match="still takes answers"):
        council.hand_back()
    assert found(council.candor, wave).state == "open"


def test_tallies_for_a_pulse_without_a_trustee_are_refused(council: Council) -> None:
    wave = begin(council.candor)
    council.sign(empty(wave.id))
    with pytest.raises(OperatorError, match="no pulse with a trustee is known"):
        council.hand_back()


def test_when_too_few_ballots_could_be_opened_nothing_is_shown(counted: Council) -> None:
    wave, true = counted.waiting, counted.signed_tallies()
    few = {"opened": 4, "left_out": 8, "answered": {}, "cells": (), "comments": ()}
    counted.sign(true.model_copy(update=few))
    assert counted.hand_back()
    ended = counted.end(wave)
    assert (ended.state, ended.outcome) == ("closed", "too few")
    assert counted.published(wave) == (set(), [])


def test_terms_that_became_stricter_meanwhile_do_not_lose_the_wave(counted: Council) -> None:
    """The key is destroyed by then: the tallies have to be good for as long as the trustee takes to bring them."""
    counted.candor.clock.pass_by(days=60)
    stricter = {"smallest_group": 40, "smallest_group_comments": 40}
    publish_next(counted.candor.sessions, counted.candor.clock(), **AS_SHIPPED, **stricter)
    assert counted.hand_back()


def test_terms_that_were_stricter_by_the_end_of_the_wave_hold_for_the_trustee_too(council: Council) -> None:
    wave = council.begin()
    stricter = {"smallest_group": 7, "smallest_group_comments": 13}
    publish_next(council.candor.sessions, council.candor.clock(), **AS_SHIPPED, **stricter)
    for number in range(12):
        vote(council.candor, wave, f"U{number:03}", leader=number % 2 == 0, comment=f"Comment {number}")
    council.over(wave)
    header = council.hand_over()
    assert header is not None and (header.smallest_group, header.smallest_group_comments) == (7, 13)
    tallies = council.count()
    assert tallies.comments == () and {cell.segment for cell in tallies.cells} == {"everyone"}
    assert council.hand_back()


@pytest.mark.parametrize("wave", ["\\ud800" * 32, "\\u0000" * 32, "\\ud800", "", "../../etc/passwd"])
def test_a_wave_id_that_is_none_is_refused_in_words(council: Council, wave: str) -> None:
    body = signed(empty("ab" * 16), council.keys.signer).decode().replace("ab" * 16, wave)
    council.tallies.write_text(body)
    with pytest.raises(OperatorError, match="values that tallies cannot have"):
        council.hand_back()


@given(raw=st.binary(max_size=200) | st.recursive(st.none() | st.text(), lambda each: st.lists(each)).map(json.dumps))
def test_no_bytes_are_taken_for_tallies_that_are_none(raw: bytes | str) -> None:
    with pytest.raises(OperatorError):
        verified(raw.encode() if isinstance(raw, str) else raw, b"\x01" * 32)
