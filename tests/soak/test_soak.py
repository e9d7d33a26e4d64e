"""A short soak of each database, and that a soak sees what it is there to see."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from sqlmodel import col, update

from bot.sandbox.faults import FaultKind, Faults
from bot.sandbox.server import Sandbox
from storage.database import SessionFactory
from storage.deliveries import State
from storage.tables import Delivery
from tests.candor import MANIFEST
from tests.delivery.world import Clock, World, install
from tests.soak.bases import BASES
from tests.soak.soak import Size, soak
from tests.soak.verdict import NOTHING, Verdict, lost_and_doubled
from tests.soak.weather import WEIGHTS, storm

SEED = 7
SHORT = Size(people=150, seconds=10, kill_every_s=2, away_s=2)
PEOPLE = ("U1", "U2", "U3")


@pytest.mark.parametrize("kind", BASES)
def test_a_short_soak_loses_and_doubles_nothing_and_every_worker_lives(kind: str) -> None:
    print(f"seed {SEED}")
    verdict = soak(kind, SHORT, SEED, print)
    assert verdict == replace(verdict, messages=150, lost=0, doubled=0, alive=3, workers=3)
    assert verdict.kills >= 4
    assert verdict.restarts == (kind == "postgresql")


def test_a_fifth_of_all_calls_fail_and_in_every_way_there_is() -> None:
    faults = Faults()
    storm(faults, SEED)
    drawn = [faults.take("chat.postMessage", {}) for _ in range(20_000)]
    struck = [fault.kind for fault in drawn if fault is not None]
    assert set(struck) == set(WEIGHTS) == set(get_args(FaultKind)) - {"ok"}
    assert 0.19 < len(struck) / len(drawn) < 0.21


@pytest.fixture
def world(sessions: SessionFactory) -> Iterator[World]:
    """Three people, each with their message."""
    clock = Clock()
    with Sandbox(MANIFEST, clock) as slack:
        install(sessions)
        world = World(sessions, slack, clock)
        world.add_people(*PEOPLE)
        world.plan(*PEOPLE)
        world.run()
        yield world


def counted(world: World, *people: str) -> tuple[int, int]:
    return lost_and_doubled(world.slack.workspace, world.sessions, people)


def test_a_message_to_each_is_neither_lost_nor_doubled(world: World) -> None:
    assert counted(world, *PEOPLE) == (0, 0)


def test_a_person_without_a_message_or_without_a_row_that_says_so_counts_as_lost(world: World) -> None:
    world.add_people("U4")
    assert counted(world, *PEOPLE, "U4") == (1, 0)
    with world.sessions.begin() as session:
        session.exec(update(Delivery).where(col(Delivery.person_id) == "U1").values(state=State.UNKNOWN))
    assert counted(world, *PEOPLE, "U4") == (2, 0)


def test_a_second_message_counts_as_doubled_even_when_it_was_deleted_again(world: World) -> None:
    [first] = world.messages("U1")
    world.slack.workspace.post(replace(first, ts="", deleted=True))
    assert counted(world, *PEOPLE) == (0, 1)


def test_a_verdict_is_good_only_when_nothing_is_lost_or_doubled_and_all_live() -> None:
    good = Verdict(messages=10, kills=3, restarts=1, lost=0, doubled=0, alive=3, workers=3)
    assert good.good
    assert not any(replace(good, **each).good for each in ({"lost": 1}, {"doubled": 1}, {"alive": 2}))
    assert str(NOTHING + good + good) == "messages 20, kills 6, restarts 2, lost 0, doubled 0, alive 6 of 6"
