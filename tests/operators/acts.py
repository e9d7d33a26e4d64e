"""What an operator does in these tests, at the time of the test's clock."""

from bot.operators.intervening import Answer, abandon, retry
from tests.delivery.world import FAST, World


def retried(world: World, *ids: str) -> list[Answer]:
    return list(retry(world.sessions, ids, world.clock(), FAST))


def abandoned(world: World, *ids: str) -> list[Answer]:
    return list(abandon(world.sessions, ids, world.clock()))
