"""A company of teams of all sizes, whose names databases sort in different ways, with mixed answers."""

import random
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from bot.ledger.chain import SEASON
from bot.weeks import WEEK
from storage import ledger
from storage.database import SessionFactory, reading
from tests.teams.world import first_week, report, staff

T = TypeVar("T")
TEAMS = {
    "Engineering / Ärzte": [f"U1{number}" for number in range(6)],
    "Engineering / a b": [f"U2{number}" for number in range(7)],
    "Engineering / A": [f"U3{number}" for number in range(3)],
    "Sales": [f"U4{number}" for number in range(5)],
}
ANSWERS = ("0", "lt1", "1to2", "2to4", "gt4", "cost")


def whole(company: SessionFactory, order: random.Random | None = None) -> date:
    """Staff and check-ins of the first season's first week, which it returns; written in some `order`."""
    staff(company, {team: _in(order, TEAMS[team]) for team in _in(order, list(TEAMS))}, managers=["U10"])
    week = first_week(company)
    for at in _in(order, [week - WEEK, week, week + WEEK]):
        for person in _in(order, [person for people in TEAMS.values() for person in people]):
            answer = ANSWERS[(int(person[1:]) + at.day) % 5]
            report(company, at, [person], saved=answer, helped=["writing", "coding"][: int(person[2]) % 3])
    return week


def _in(order: random.Random | None, items: Sequence[T]) -> list[T]:
    return order.sample(items, len(items)) if order else list(items)


def seasons_in_ledger(company: SessionFactory) -> list[str]:
    with reading(company) as session:
        return [entry.about for entry in ledger.entries(session) if entry.what == SEASON]
