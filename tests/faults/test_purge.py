"""Old deliveries are deleted every hour; those of a week that is still open somewhere are not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import update

from bot.weeks import iso_week, local_day
from storage.deliveries import DIGEST
from storage.tables import Preference
from tests.faults.bases import Base, Zones
from tests.faults.fleet import Fleet, tick_both
from tests.faults.stage import Stage, staged

# The first and the last place of the world in which a week begins, and one in between.
ZONES = {"U001": "Pacific/Kiritimati", "U002": "Europe/Madrid", "U003": "Pacific/Pago_Pago"}
FIRST_DIGEST = datetime(2026, 11, 22, 19, tzinfo=UTC)
WEEK = "2026-W48"
STEP = timedelta(hours=5)


@pytest.fixture
def zones() -> Zones:
    return ZONES


def forget_when_they_are_due(stage: Stage) -> None:
    """As a move to another time zone does: everybody is looked at anew, and only the keys say who has had theirs."""
    with stage.sessions.begin() as session:
        session.exec(update(Preference).values(next_due=None))


def planned(stage: Stage) -> set[str]:
    return {row.person_id for row in stage.rows() if row.week == WEEK and row.kind == DIGEST}


def test_a_purge_during_the_open_week_leaves_its_keys_and_nobody_has_a_second_message(
    fleet: Fleet, prepared: Base
) -> None:
    with staged(fleet, prepared) as stage:
        stage.clock.set(FIRST_DIGEST)
        first, second = stage.start(), stage.start()
        had: set[str] = set()
        while stage.clock() < FIRST_DIGEST + timedelta(days=10):
            forget_when_they_are_due(stage)
            tick_both(first, second)
            had |= planned(stage)
            in_it = {who for who, tz in ZONES.items() if iso_week(local_day(stage.clock(), tz)) == WEEK}
            assert had & in_it <= planned(stage), stage.clock()
            stage.clock.advance(STEP)
        assert had == set(ZONES)
        assert [len(stage.posted(who)) for who in ZONES] == [1, 1, 1]
        assert planned(stage) == set()
