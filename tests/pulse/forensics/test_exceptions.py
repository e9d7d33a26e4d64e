"""What fails on the way of a ballot, in whichever layer: no log line, no error and no server's log holds the answer."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from secrets import token_hex
from threading import Timer

import pytest
from sqlalchemy import URL, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import CandorError
from bot.pulse.casting import cast
from bot.pulse.envelope import Ballot
from storage.tables import Wave
from tests.candor import Candor
from tests.pulse.forensics.places import where, written
from tests.pulse.world import begin, keys_of

PERSON = "U0CANARY"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything at DEBUG: also the libraries that the bot itself keeps quiet."""
    heard = StringIO()
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    loud = [root, *(logging.getLogger(name) for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool"))]
    before = [logger.level for logger in loud]
    root.addHandler(handler)
    for logger in loud:
        logger.setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(handler)
    for logger, level in zip(loud, before, strict=True):
        logger.setLevel(level)


@contextmanager
def locked(disk: Engine) -> Iterator[None]:
    """Somebody else holds the table, and nobody waits for long."""
    with _not_waiting(disk), create_engine(disk.url, poolclass=NullPool).connect() as holding:
        server = disk.dialect.name == "postgresql"
        holding.exec_driver_sql("LOCK TABLE ballot IN ACCESS EXCLUSIVE MODE" if server else "BEGIN IMMEDIATE")
        yield
        holding.rollback()


@contextmanager
def _not_waiting(disk: Engine) -> Iterator[None]:
    """On a server somebody ends the wait of whoever waits for a lock; SQLite's connection does not begin to."""
    if disk.dialect.name == "postgresql":
        ended = Timer(0.5, _end_waits, [disk.url])
        ended.start()
        yield
        ended.join()
        return
    with disk.connect() as waiting:
        waiting.exec_driver_sql("PRAGMA busy_timeout=50")
    yield
    with disk.connect() as waiting:
        waiting.exec_driver_sql("PRAGMA busy_timeout=30000")


def _end_waits(url: URL) -> None:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        connection.exec_driver_sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@contextmanager
def without_the_table(disk: Engine) -> Iterator[None]:
    with disk.begin() as connection:
        connection.execute(text("ALTER TABLE ballot RENAME TO ballot_away"))
    yield
    with disk.begin() as connection:
        connection.execute(text("ALTER TABLE ballot_away RENAME TO ballot"))


@contextmanager
def with_a_rule_that_nothing_keeps(disk: Engine) -> Iterator[None]:
    """A violated constraint: PostgreSQL writes the whole row into its own log."""
    if disk.dialect.name == "sqlite":
        begin_rule = "CREATE TRIGGER ruled BEFORE INSERT ON ballot BEGIN SELECT raise(ABORT, 'ruled'); END"
        end_rule = "DROP TRIGGER ruled"
    else:
        begin_rule = "ALTER TABLE ballot ADD CONSTRAINT ruled CHECK (length(sealed) < 1) NOT VALID"
        end_rule = "ALTER TABLE ballot DROP CONSTRAINT ruled"
    with disk.begin() as connection:
        connection.execute(text(begin_rule))
    yield
    with disk.begin() as connection:
        connection.execute(text(end_rule))


@contextmanager
def without_keys(candor: Candor) -> Iterator[None]:
    path = keys_of(candor).path
    away = path.rename(path.with_name(path.name + "-away"))
    yield
    away.rename(path)


def failing(candor: Candor, wave: Wave, ballot: Ballot) -> str:
    """Cast it, which fails; all that the error says, with its causes."""
    with pytest.raises((SQLAlchemyError, CandorError, ValueError)) as caught:
        cast(candor.sessions, keys_of(candor), wave, PERSON, ballot, candor.clock())
    return "".join(traceback.format_exception(caught.value))


def ballot_of(canary: str, **more: str) -> Ballot:
    return Ballot(answers={f"{canary}-question": "5"}, leader=False, comment=f"{canary} {more.get('comment', '')}")


@pytest.mark.parametrize("harm", [locked, without_the_table, with_a_rule_that_nothing_keeps])
def test_a_database_that_refuses_a_ballot_says_nothing_of_what_is_in_it(
    candor: Candor, disk: Engine, log: StringIO, harm: Callable[[Engine], AbstractContextManager[None]]
) -> None:
    canary, wave = f"canary-{token_hex(8)}", begin(candor)
    with harm(disk):
        said = failing(candor, wave, ballot_of(canary))
    assert "sqlalche" in said
    assert [each in said + log.getvalue() for each in (canary, PERSON)] == [False, False]
    assert where(written(disk), canary) == []


def test_keys_that_are_missing_and_a_comment_that_is_too_long_say_nothing_of_the_answer(
    candor: Candor, log: StringIO
) -> None:
    canary, wave = f"canary-{token_hex(8)}", begin(candor)
    with without_keys(candor):
        said = failing(candor, wave, ballot_of(canary))
    said += failing(candor, wave, ballot_of(canary, comment="x" * 500))
    assert [each in said + log.getvalue() for each in (canary, PERSON)] == [False, False]


def test_of_a_refused_row_the_servers_own_log_has_only_ciphertext(candor: Candor, disk: Engine) -> None:
    canary, wave = f"canary-{token_hex(8)}", begin(candor)
    before = where(written(disk), wave.id)
    with with_a_rule_that_nothing_keeps(disk):
        failing(candor, wave, ballot_of(canary))
    files = written(disk)
    new = set(where(files, wave.id)) - set(before)
    # PostgreSQL has written the row down, with the wave that it is of: so the search looks in the right place.
    assert any(place.endswith("/log") for place in new) == (disk.dialect.name == "postgresql")
    assert where(files, canary) == []


def test_a_plain_design_tells_its_answers_when_something_fails(beside: Engine, log: StringIO) -> None:
    """The counter-proof: parameters in the error and in the log, and the row in PostgreSQL's own log."""
    canary = f"canary-{token_hex(8)}"
    usual = create_engine(beside.url)
    with pytest.raises(SQLAlchemyError) as caught, usual.begin() as connection:
        values = {"id": "1", "answer": canary, "note": None}
        connection.execute(text("INSERT INTO plain VALUES (:id, :answer, :note)"), values)
    usual.dispose()
    assert canary in str(caught.value)
    assert canary in log.getvalue()
    if beside.dialect.name == "postgresql":
        assert any(place.endswith("/log") for place in where(written(beside), canary))
