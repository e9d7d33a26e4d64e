"""The floors of the benches of team summaries do the work that ours does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.teams.hours import step
from storage import releases, seasons
from storage.database import reading, session_factory
from tests.bench import databases, release_rows, releasing
from tests.bench.checkin_floor import copy_database
from tests.bench.checkin_work import person_id
from tests.bench.home_floor import BareHome, connected
from tests.bench.home_work import event_id, join, open_home, record
from tests.candor import Candor, Inline, running

PEOPLE = 30
FORGET_OLDER = """
    DELETE FROM check_in
    WHERE week < (SELECT max(other.week) FROM check_in AS other WHERE other.person_id = check_in.person_id)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with getattr(databases, request.param)() as engine:
        yield engine


@pytest.fixture
def sqlite_only() -> Iterator[Engine]:
    with databases.sqlite() as engine:
        yield engine


def test_the_plain_statement_averages_what_the_release_does(engine: Engine) -> None:
    """Where only everybody's newest check-in is stored, both are the mean of the same answers."""
    release_rows.fill(engine, PEOPLE, weeks=releasing.WEEKS)
    release_rows.begin_season(engine)
    with engine.begin() as connection:
        connection.execute(text(FORGET_OLDER))
    releasing.release(engine, PEOPLE)
    with reading(session_factory(engine)) as session:
        plain = {team: (saved, rework) for team, saved, rework in session.connection().execute(text(releasing.PLAIN))}
        numbers = {team.number: team.team_id for team in seasons.teams(session, 1)}
        cells = {numbers[cell.team]: cell for cell in releases.cells_in(session, release_rows.RELEASED)}
    for team, hours in plain.items():
        people = release_rows.TEAM
        published = (cells[team].saved, cells[team].rework)
        assert published == tuple(step(round(float(mean) * 2 * people), people) for mean in hours)


def test_a_release_that_was_taken_back_can_be_made_again(engine: Engine) -> None:
    release_rows.fill(engine, PEOPLE, weeks=releasing.WEEKS)
    release_rows.begin_season(engine)
    for _ in range(2):
        releasing.release(engine, PEOPLE)
        release_rows.take_back(engine)


def test_the_bare_app_publishes_the_same_home_tab_as_ours(sqlite_only: Engine, tmp_path: Path) -> None:
    with running(session_factory(sqlite_only)) as candor:
        join(candor, [person_id(1)])
        work = record(candor)
        with connected(copy_database(sqlite_only, tmp_path / "floor.db")) as raw:
            bare = BareHome(raw, work).app(candor.client, candor.sandbox.signing_secret, Inline())
            for number, app in enumerate((candor.app, bare), start=1):
                assert open_home(app, work.body(person_id(1), event_id(number))) > 0
            seen = raw.execute("SELECT event_id FROM seen_event").fetchall()
        ours, floor = _published(candor)[-2:]
    assert ours == floor
    assert (event_id(2),) in seen


def _published(candor: Candor) -> list[object]:
    calls = [call for call in candor.sandbox.workspace.calls if call.method == "views.publish"]
    return [(call.args["user_id"], call.args["view"]) for call in calls]
