"""Two worlds that differ in who answered what: from outside they are the same at each step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.pulse.casting import cast
from bot.pulse.closing import close, freeze
from bot.pulse.envelope import Ballot
from bot.pulse.keys import KeyDirectory
from bot.pulse.questions import LONGEST_COMMENT
from storage.database import scrub, session_factory
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.forensics import plain
from tests.pulse.forensics.places import copied, dump, sizes, twins, written
from tests.pulse.world import begin, keys_of

ALICE, BOB = "U0ALICE", "U0BOB"
# As different as two ballots can be: one has nothing to say, the other as much as there is room for.
SHORT = Ballot(answers={"gaming": "1"}, leader=False)
LONG = Ballot(
    answers={"belief:never": "5", "clarity.1": "5", "gaming": "5"}, leader=True, comment="\U0001f9ea" * LONGEST_COMMENT
)
OTHERS = [f"U0{number}" for number in range(8)]


@dataclass(frozen=True)
class World:
    """One of the two. `swapped` says whether Alice and Bob have exchanged their answers in it."""

    engine: Engine
    keys: KeyDirectory
    wave: Wave
    swapped: bool

    @property
    def answers(self) -> list[tuple[str, Ballot]]:
        ours = [LONG, SHORT] if self.swapped else [SHORT, LONG]
        return [*zip((ALICE, BOB), ours, strict=True), *((other, SHORT) for other in OTHERS)]


@pytest.fixture
def worlds(candor: Candor, disk: Engine, tmp_path: Path) -> Iterator[tuple[World, World]]:
    """One open wave, in a database and with keys that were copied: so both have the same keys, as they were made."""
    wave = begin(candor)
    scrub(disk)
    with twins(disk, tmp_path) as (first, second):
        made = [
            World(engine, KeyDirectory(copied(keys_of(candor).path, tmp_path / f"keys {swapped}")), wave, swapped)
            for engine, swapped in ((first, False), (second, True))
        ]
        yield made[0], made[1]


def outside(engine: Engine) -> dict[str, object]:
    """What can be seen of a database without reading what is in it."""
    lines = dump(engine)
    return {"sizes": sizes(engine), "rows": len(lines), "lengths": sorted(map(len, lines))}


def watched(world: World, vote: Callable[[World, str, Ballot], None], end: Callable[[World], None]) -> list[object]:
    """The world from outside after each step, up to its end."""
    seen: list[object] = []
    for person, ballot in world.answers:
        vote(world, person, ballot)
        seen.append(outside(world.engine))
    end(world)
    return [*seen, outside(world.engine)]


def sealed(world: World, person: str, ballot: Ballot) -> None:
    cast(session_factory(world.engine), world.keys, world.wave, person, ballot, world.wave.opened_at)


def closed(world: World) -> None:
    sessions = session_factory(world.engine)
    freeze(sessions, world.wave.id)
    ended = close(sessions, world.keys, world.wave.closes_at)
    assert ended is not None
    assert ended.outcome == "results"


def test_two_people_who_exchange_their_answers_change_nothing_that_can_be_seen(worlds: tuple[World, World]) -> None:
    first, second = worlds
    assert watched(first, sealed, closed) == watched(second, sealed, closed)


def test_after_closing_the_two_databases_are_the_same(worlds: tuple[World, World]) -> None:
    for world in worlds:
        watched(world, sealed, closed)
    first, second = (world.engine for world in worlds)
    assert dump(first) == dump(second)
    if first.dialect.name == "sqlite":
        for engine in (first, second):
            # With its last connection gone, SQLite has nothing but the file.
            engine.dispose()
        assert written(first) == written(second)


def in_plain(world: World, person: str, ballot: Ballot) -> None:
    plain.vote(world.engine, person, f"{dict(ballot.answers)} {ballot.comment}")


def test_a_plain_design_shows_the_exchange_at_once(worlds: tuple[World, World]) -> None:
    """The counter-proof of both."""
    for world in worlds:
        plain.begin(world.engine)
    first, second = (watched(world, in_plain, lambda _world: None) for world in worlds)
    assert first[0] != second[0]
    assert dump(worlds[0].engine) != dump(worlds[1].engine)
