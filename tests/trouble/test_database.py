"""The database is full, locked, slow or gone, at each moment: all is held up, nothing is lost or doubled, one line."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from storage.database import open_engine, session_factory, upgrade
from storage.deliveries import State
from tests.soak.bases import Base, postgresql
from tests.trouble.databases import (
    Gone,
    PostgresFull,
    PostgresLocked,
    PostgresSlow,
    SqliteFull,
    SqliteLocked,
    Trouble,
    own_engine,
)
from tests.trouble.lines import ended, logged, loud
from tests.trouble.stage import PEOPLE, Moment, Stage, staged

TROUBLES = [
    ("sqlite", SqliteFull),
    ("sqlite", SqliteLocked),
    ("postgresql", PostgresFull),
    ("postgresql", PostgresLocked),
    ("postgresql", PostgresSlow),
]
TOOK_OVER = "took over from a worker that stopped"


def held_up_and_then_sent(stage: Stage, trouble: Trouble, moment: Moment) -> None:
    with logged() as lines:
        stage.at(moment, trouble.begin)
        stage.tick_for(minutes=1)
        posted = stage.posts()
        stage.tick_for(minutes=5, every_s=60)
        assert stage.posts() == posted == (moment is Moment.MARKING)
        trouble.end()
        stage.tick_for(minutes=10, every_s=60)
    told = [said for said in loud(lines) if said != TOOK_OVER]
    assert [trouble.words in said for said in told] == [True], told
    assert ended(lines) == 1
    assert stage.arrived() == [1] * len(PEOPLE)
    assert stage.states() == {State.SENT}
    assert stage.posts() == len(PEOPLE)


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(("engine", "kind"), TROUBLES, indirect=["engine"])
def test_a_database_that_cannot_be_written_holds_all_up_and_loses_nothing(
    engine: Engine, kind: Callable[[Engine], Trouble], moment: Moment
) -> None:
    own = own_engine(engine)
    trouble = kind(own)
    try:
        with staged(session_factory(own)) as stage:
            held_up_and_then_sent(stage, trouble, moment)
    finally:
        trouble.end()
        own.dispose()


@pytest.fixture(scope="module")
def server() -> Iterator[Base]:
    with postgresql() as base:
        yield base


@pytest.mark.parametrize("moment", Moment)
def test_a_server_that_is_gone_for_minutes_needs_no_restart_of_the_bot(server: Base, moment: Moment) -> None:
    engine, trouble = emptied(server), Gone(server.trouble)
    try:
        with staged(session_factory(engine)) as stage:
            held_up_and_then_sent(stage, trouble, moment)
    finally:
        trouble.end()
        engine.dispose()


def test_a_server_that_was_away_while_nothing_was_to_be_done_is_not_even_missed(server: Base) -> None:
    engine = emptied(server)
    try:
        with staged(session_factory(engine)) as stage, logged() as lines:
            stage.ticker.beat()
            with server.trouble():
                stage.candor.clock.pass_by(seconds=30)
            stage.tick_for(minutes=1)
            assert loud(lines) == []
            assert stage.arrived() == [1] * len(PEOPLE)
    finally:
        engine.dispose()


def emptied(server: Base) -> Engine:
    engine = open_engine(server.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    upgrade(engine)
    return engine
