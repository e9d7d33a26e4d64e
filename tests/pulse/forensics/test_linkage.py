"""Somebody who knows in which order people answered, and reads the order in which rows lie in the files."""

import hashlib
import hmac
from collections.abc import Sequence

from sqlalchemy import Engine, text

from bot.pulse.sealing import tag
from storage import ballots
from storage.database import reading
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.forensics import plain
from tests.pulse.forensics.places import written
from tests.pulse.world import begin, finish, keys_of, vote

PEOPLE = [f"U{number:02d}" for number in range(40)]
# Of 40 in any order, about one stands where it would by chance; seven or more, once in ten thousand times.
BY_CHANCE = 6
_ORDERS = {
    "sqlite": {"plain": ["rowid"], "pulse_comment": []},
    "postgresql": {"plain": ["ctid", "xmin::text::bigint"], "pulse_comment": ["ctid", "xmin::text::bigint, ctid"]},
}


def said_by(person: str) -> str:
    # Beginning so that neither the alphabet nor the length has anything to do with the order of the people.
    return f"{hashlib.sha256(person.encode()).hexdigest()} is what {person} has to say."


def linked(order: Sequence[str]) -> int:
    """How many answers stand in the place at which their author voted."""
    return sum(said_by(person) == found for person, found in zip(PEOPLE, order, strict=False))


def best_guess(disk: Engine, table: str, column: str) -> int:
    """The most that any physical order gives away: by the database's own words, and by the places in its files."""
    guesses = [linked(each) for each in [*by_files(disk)]]
    with disk.connect() as connection:
        for order in _ORDERS[disk.dialect.name][table]:
            rows = connection.execute(text(f"SELECT {column} FROM {table} ORDER BY {order}")).scalars()
            guesses.append(linked(list(rows)))
    return max(guesses)


def by_files(disk: Engine) -> list[list[str]]:
    """In each file, everybody's words in the order in which they lie there, from the front and from the back."""
    orders = []
    for held in written(disk).values():
        places = {person: held.find(said_by(person).encode()) for person in PEOPLE}
        there = sorted((place, person) for person, place in places.items() if place >= 0)
        order = [said_by(person) for _place, person in there]
        if len(order) == len(PEOPLE):
            orders += [order, order[::-1]]
    return orders


def answered(candor: Candor) -> Wave:
    wave = begin(candor)
    for person in PEOPLE:
        vote(candor, wave, person, comment=said_by(person))
    return wave


def test_the_order_of_what_is_published_says_nothing_of_who_wrote_it(candor: Candor, disk: Engine) -> None:
    finish(candor, answered(candor))
    with reading(candor.sessions) as session:
        comments = session.connection().execute(text("SELECT count(*) FROM pulse_comment")).scalar_one()
    assert comments == len(PEOPLE)
    assert best_guess(disk, "pulse_comment", "text") <= BY_CHANCE


def test_in_a_plain_design_it_says_all_of_it(beside: Engine) -> None:
    """The counter-proof: random keys, no times, a transaction of its own for each answer; and yet."""
    for person in PEOPLE:
        plain.vote(beside, person, said_by(person))
    assert best_guess(beside, "plain", "answer") == len(PEOPLE)


def test_before_closing_not_even_who_has_answered_can_be_told_without_the_key(candor: Candor) -> None:
    wave = answered(candor)
    with reading(candor.sessions) as session:
        tags = {where for where, _sealed in ballots.sealed(session, wave.id)}
    everybody = [*PEOPLE, "U0STAYEDOUT"]
    # All that is in the database and could have been a key.
    for guess in (wave.id, wave.public_key, wave.key_mark):
        for key in {guess.encode(), bytes.fromhex(guess)}:
            assert not tags & {tag(key, wave.id, person) for person in everybody}
    assert not tags & {hashlib.sha256(person.encode()).digest() for person in everybody}


def test_whoever_has_the_key_for_the_tags_can_tell_who_has_answered(candor: Candor) -> None:
    """The counter-proof, and a limit to tell people of: what hides it is that the key lies elsewhere, and dies."""
    wave = answered(candor)
    with reading(candor.sessions) as session:
        tags = {where for where, _sealed in ballots.sealed(session, wave.id)}
    secret = keys_of(candor).load(wave.id, wave.key_mark).secret
    everybody = [*PEOPLE, "U0STAYEDOUT"]
    assert [person for person in everybody if tag(secret, wave.id, person) in tags] == PEOPLE


def test_an_unkeyed_tag_would_give_everybody_away(candor: Candor) -> None:
    """The counter-proof of tags: made of the wave alone, each can be tried for each person."""
    wave = begin(candor)
    tags = {hmac.digest(wave.id.encode(), person.encode(), "sha256") for person in PEOPLE[:7]}
    guessed = [person for person in PEOPLE if hmac.digest(wave.id.encode(), person.encode(), "sha256") in tags]
    assert guessed == PEOPLE[:7]
