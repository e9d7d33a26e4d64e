"""`candor db restored`: a backup is put in place of the database in the middle of a week, and nobody gets two digests.

The command takes the time from the machine, so the bot of these tests lives in the machine's week.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import col, select
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.errors import OperatorError
from bot.held.erase import leave
from bot.operators.restoring import make_safe
from bot.operators.words import clock_time
from bot.reports import UNKNOWABLE
from bot.weeks import WEEK, iso_week, local_day, week_slot
from storage.backup import backup
from storage.database import SessionFactory, schema_state
from storage.deliveries import DIGEST, Owed, plan
from storage.tables import Base, Consent, Delivery, Job, Person
from tests.candor import Candor
from tests.delivery.world import install
from tests.shell import shell_env

NOW = datetime.now(UTC).replace(microsecond=0)
# A zone in which this week goes on for half a day at least, so that no test begins in one week and ends in another.
TZ = "Etc/GMT+12" if NOW.isoweekday() == 7 else "UTC"
MONDAY = week_slot(local_day(NOW, TZ), 0, time(9), TZ)
THIS_WEEK = iso_week(local_day(NOW, TZ))
BACKUP_AT = MONDAY - timedelta(days=5)
PEOPLE = ("U1", "U2")
WEEK_BEGINS = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
Restore = Callable[[], None]


def run(database: Engine | str) -> Result:
    return CliRunner().invoke(app, ["db", "restored", "--yes"], env=shell_env(database))


def said(database: Engine) -> str:
    result = run(database)
    assert result.exit_code == 0, (result.output, result.exception)
    return " ".join(result.output.split())


def refusal(database: Engine | str) -> str:
    error = run(database).exception
    assert isinstance(error, OperatorError), error
    return str(error)


def back_up(engine: Engine, folder: Path) -> Restore:
    """Copy the database as it is now; returns what puts the copy in its place."""
    if engine.dialect.name == "sqlite":
        return _copied_file(engine, folder / "backup.db")
    with engine.begin() as connection:
        held = {table: connection.execute(table.select()).mappings().all() for table in Base.metadata.sorted_tables}

    def restore() -> None:
        with engine.begin() as connection:
            for table in reversed(held):
                connection.execute(table.delete())
            for table, rows in held.items():
                if rows:
                    connection.execute(table.insert(), [dict(row) for row in rows])

    return restore


def _copied_file(engine: Engine, copy: Path) -> Restore:
    backup(engine, copy)

    def restore() -> None:
        engine.dispose()
        file = Path(engine.url.database or "")
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        shutil.copy(copy, file)

    return restore


@pytest.fixture
def bot(candor: Candor) -> Candor:
    """The bot in the week before, with two people who opted in and reported."""
    candor.clock.now = BACKUP_AT
    for each in PEOPLE:
        candor.join(each, tz=TZ)
        candor.opt_in(each)
        candor.check_in(each)
    candor.tick()
    return candor


@pytest.fixture
def restore(bot: Candor, engine: Engine, tmp_path: Path) -> Restore:
    """A backup, and then the Monday run: this puts the backup back."""
    put_back = back_up(engine, tmp_path)
    bot.tick_at(MONDAY + timedelta(minutes=5))
    assert counts(bot) == [1, 1]
    return put_back


def counts(bot: Candor) -> list[int]:
    return [len(bot.digests(each)) for each in PEOPLE]


def live_on(bot: Candor, until: datetime) -> None:
    """Tick every three hours from after the Monday run."""
    moment = MONDAY + timedelta(hours=1)
    while moment < until:
        bot.tick_at(moment)
        moment += timedelta(hours=3)


def deliveries(bot: Candor) -> list[Delivery]:
    with bot.sessions.begin() as session:
        return list(session.exec(select(Delivery).order_by(col(Delivery.id))))


def test_the_copy_alone_would_send_this_weeks_digests_again(bot: Candor, restore: Restore) -> None:
    restore()
    live_on(bot, MONDAY + timedelta(days=1))
    assert counts(bot) == [2, 2]


def test_after_it_everybody_has_one_digest_of_this_week_and_next_weeks_comes(
    bot: Candor, engine: Engine, restore: Restore
) -> None:
    restore()
    told = said(engine)
    assert "people opted in 2 " in told
    assert f"digests marked as not to be sent ({THIS_WEEK}) 2 waiting messages ended 0 " in told
    live_on(bot, MONDAY + WEEK)
    assert counts(bot) == [1, 1]
    for each in PEOPLE:
        bot.check_in(each)
    bot.tick_at(MONDAY + WEEK + timedelta(minutes=5))
    assert counts(bot) == [2, 2]


def test_whoever_opted_out_after_the_backup_gets_no_second_digest_of_this_week(
    bot: Candor, engine: Engine, restore: Restore
) -> None:
    with bot.sessions.begin() as session:
        leaver = session.get_one(Person, "U2")
    assert leave(bot.sessions, bot.client, leaver, bot.clock).left_in_slack == 0
    assert counts(bot) == [1, 0]
    restore()
    assert "Whoever opted out since is opted in again" in said(engine)
    live_on(bot, MONDAY + WEEK)
    assert counts(bot) == [1, 0]


def test_messages_that_waited_when_the_backup_was_made_are_not_sent_after_it(
    bot: Candor, engine: Engine, tmp_path: Path
) -> None:
    with bot.sessions.begin() as session:
        plan(session, bot.services.workspace_id, [Owed(each, DIGEST, THIS_WEEK, MONDAY) for each in PEOPLE])
    put_back = back_up(engine, tmp_path)
    bot.tick_at(MONDAY + timedelta(minutes=5))
    put_back()
    assert f"({THIS_WEEK}) 0 waiting messages ended 2 " in said(engine)
    before = [row.model_dump() for row in deliveries(bot)]
    assert f"({THIS_WEEK}) 0 waiting messages ended 0 " in said(engine)
    assert [row.model_dump() for row in deliveries(bot)] == before
    live_on(bot, MONDAY + WEEK)
    assert counts(bot) == [1, 1]


def test_it_says_until_when_the_database_knows_and_what_nobody_can_know(
    bot: Candor, engine: Engine, restore: Restore
) -> None:
    restore()
    told = said(engine)
    assert f"The newest row this database has is of: {clock_time(BACKUP_AT)}." in told
    assert "whoever had not got this week's yet goes without it" in told
    for words in UNKNOWABLE:
        assert words in told
    assert said(engine).partition("The newest row")[2] == told.partition("The newest row")[2]


def test_the_weeks_are_those_of_each_persons_own_zone(sessions: SessionFactory) -> None:
    install(sessions)
    zones = {"UEAST": "Pacific/Kiritimati", "UMID": "Europe/Madrid", "UWEST": "Pacific/Honolulu"}
    for each, tz in zones.items():
        with sessions.begin() as session:
            session.add(Person(id=each, tz=tz))
            session.flush()
            session.add(Consent(person_id=each, receipt_id=each, policy_hash="p", granted_at=WEEK_BEGINS))
    # Monday 00:30 in Madrid: on Hawaii it is Sunday.
    done = make_safe(sessions, WEEK_BEGINS)
    assert (done.opted_in, done.weeks) == (3, ("2026-W47", "2026-W48"))
    with sessions() as session:
        found = dict(session.exec(select(Delivery.person_id, Delivery.week)).all())
    assert found == {"UEAST": "2026-W48", "UMID": "2026-W48", "UWEST": "2026-W47"}


def test_it_refuses_while_a_bot_is_at_work(bot: Candor, engine: Engine) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=9)
    with bot.sessions.begin() as session:
        session.add(Job(name="held", holder="another", lease_until=until))
    told = refusal(engine)
    assert "stop the bot first" in told
    assert clock_time(until) in told
    assert deliveries(bot) == []


def test_a_bot_that_ticked_a_moment_ago_is_noticed_although_it_holds_nothing(bot: Candor) -> None:
    with pytest.raises(OperatorError, match="stop the bot first"):
        make_safe(bot.sessions, bot.clock())
    assert deliveries(bot) == []
    assert make_safe(bot.sessions, bot.clock() + timedelta(minutes=2)).ended.digests == len(PEOPLE)


def test_it_refuses_a_database_that_no_bot_was_ever_started_on(engine: Engine) -> None:
    assert "No bot was ever started on this database" in refusal(engine)


def test_it_refuses_a_database_that_is_missing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    assert "run candor db upgrade first" in refusal(url)
    assert list(tmp_path.iterdir()) == []


def test_it_refuses_a_database_of_an_older_schema(engine: Engine) -> None:
    newest = schema_state(engine)[0]
    try:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
        assert "run candor db upgrade first" in refusal(engine)
    finally:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest})


def test_without_a_word_that_this_is_a_restored_backup_nothing_is_ended(candor: Candor) -> None:
    result = CliRunner().invoke(app, ["db", "restored"])
    assert "--yes" in str(result.exception)
