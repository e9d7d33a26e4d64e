"""Somebody who can write to the database, but has no key: what they add, copy or change counts for nothing."""

from collections.abc import Callable
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlmodel import select

from bot.logs import configure_logs
from bot.pulse.banding import band
from bot.pulse.envelope import Ballot, pack, unpack
from bot.pulse.sealing import CIPHERTEXT, opened, seal, tag
from storage import ballots
from storage.database import Session, reading
from storage.tables import SealedBallot, Wave
from tests.candor import Candor
from tests.pulse.world import begin, finish, keys_of, vote

PEOPLE = [f"U{number:02d}" for number in range(12)]
AGREED, DISAGREED = 4, 0
NO = {"gaming": "1"}


def rows(session: Session) -> list[SealedBallot]:
    return sorted(session.exec(select(SealedBallot)).all(), key=lambda row: row.tag)


def copy_one_thirty_times(session: Session, wave: Wave) -> int:
    sealed = rows(session)[0].sealed
    session.add_all(SealedBallot(tag=bytes([n]) * 32, wave=wave.id, sealed=sealed) for n in range(30))
    return 30


def add_own(session: Session, wave: Wave) -> int:
    """Sealed for the wave as anybody can who knows the public key, under a made-up secret."""
    public = keys_public(wave)
    for number in range(30):
        where = tag(b"made up", wave.id, str(number))
        sealed = seal(pack(Ballot(NO, leader=False)), public, b"made up", wave.id, where)
        session.add(SealedBallot(tag=where, wave=wave.id, sealed=sealed))
    return 30


def exchange_two(session: Session, _wave: Wave) -> int:
    one, other = rows(session)[:2]
    one.sealed, other.sealed = other.sealed, one.sealed
    return 2


def change_a_byte_of_the_text(session: Session, _wave: Wave) -> int:
    row = rows(session)[0]
    row.sealed = row.sealed[:40] + bytes([row.sealed[40] ^ 1]) + row.sealed[41:]
    return 1


def change_a_byte_of_the_mark(session: Session, _wave: Wave) -> int:
    row = rows(session)[0]
    row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
    return 1


def cut_one_short_and_empty_one(session: Session, _wave: Wave) -> int:
    short, empty = rows(session)[:2]
    short.sealed, empty.sealed = short.sealed[:-1], b""
    return 2


def keys_public(wave: Wave) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(bytes.fromhex(wave.public_key))


ATTACKS = [
    copy_one_thirty_times,
    add_own,
    exchange_two,
    change_a_byte_of_the_text,
    change_a_byte_of_the_mark,
    cut_one_short_and_empty_one,
]


def answered(candor: Candor, *, against: str = "") -> Wave:
    """Everybody says the same, but whoever is `against` it."""
    wave = begin(candor)
    for person in PEOPLE:
        vote(candor, wave, person, {"gaming": "1" if person == against else "5"})
    return wave


def share_of(candor: Candor) -> int | None:
    with reading(candor.sessions) as session:
        (tally,) = ballots.tallies(session)
    return tally.share


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_not_sealed_here_is_left_out_and_counted_in_the_log(
    candor: Candor, attack: Callable[[Session, Wave], int]
) -> None:
    log = StringIO()
    wave = answered(candor)
    with candor.sessions.begin() as session:
        left_out = attack(session, wave)
    configure_logs("DEBUG", log)
    assert finish(candor, wave).outcome == "results"
    assert share_of(candor) == AGREED
    assert f"left_out={left_out}" in log.getvalue()
    assert not [person for person in PEOPLE if person in log.getvalue()]


def test_without_an_attack_nothing_is_said_of_one(candor: Candor) -> None:
    log = StringIO()
    wave = answered(candor)
    configure_logs("DEBUG", log)
    finish(candor, wave)
    assert "left_out" not in log.getvalue()


def test_in_a_design_without_marks_copies_of_one_ballot_outvote_everybody(candor: Candor) -> None:
    """The counter-proof: HPKE alone opens a copy as it opens the original."""
    wave = answered(candor, against=PEOPLE[0])
    keys = keys_of(candor).load(wave.id, wave.key_mark)
    assert keys.private is not None
    mine = tag(keys.secret, wave.id, PEOPLE[0])
    with candor.sessions.begin() as session:
        sealed = session.get_one(SealedBallot, mine).sealed
        session.add_all(SealedBallot(tag=bytes([n]) * 32, wave=wave.id, sealed=sealed) for n in range(60))
    with reading(candor.sessions) as session:
        answers = [
            unpack(opened(row.sealed[:CIPHERTEXT], keys.private, wave.id)).answers["gaming"] for row in rows(session)
        ]
    assert band(answers.count("5"), len(answers)) == DISAGREED
    finish(candor, wave)
    assert share_of(candor) == AGREED


def test_rows_added_to_reach_the_smallest_group_open_nothing(candor: Candor) -> None:
    wave = begin(candor)
    for person in PEOPLE[:4]:
        vote(candor, wave, person)
    with candor.sessions.begin() as session:
        copy_one_thirty_times(session, wave)
    log = StringIO()
    configure_logs("DEBUG", log)
    assert finish(candor, wave).outcome == "too few"
    assert "left_out=30" in log.getvalue()


def test_a_ballot_of_an_earlier_wave_counts_for_no_later_one(candor: Candor) -> None:
    earlier = answered(candor)
    with reading(candor.sessions) as session:
        old = [(row.tag, row.sealed) for row in rows(session)]
    finish(candor, earlier)
    candor.clock.pass_by(days=30)
    later = begin(candor)
    with candor.sessions.begin() as session:
        session.add_all(SealedBallot(tag=where, wave=later.id, sealed=sealed) for where, sealed in old)
    assert finish(candor, later).outcome == "too few"


def test_no_term_in_the_database_lowers_the_smallest_group_below_five(candor: Candor) -> None:
    wave = begin(candor)
    for person in PEOPLE[:4]:
        vote(candor, wave, person)
    with candor.sessions.begin() as session:
        stored = session.get_one(Wave, wave.id)
        stored.smallest_group = stored.smallest_group_comments = 1
    assert finish(candor, wave).outcome == "too few"
