"""The migrations and the page of tables say the same."""

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from storage.database import open_engine, schema_state, upgrade
from storage.tables import Base


def test_the_migrations_build_exactly_the_tables_of_the_page(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_usage_days_have_no_hidden_rowid_on_sqlite(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return  # Rowids are SQLite's own.
    with engine.connect() as connection:
        sql = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'usage_day'")).scalar_one()
    assert sql.rstrip().endswith("WITHOUT ROWID")


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    current, newest = schema_state(engine)
    assert current == newest


def test_two_processes_may_upgrade_an_empty_database_at_once(postgres_url: str) -> None:
    admin = open_engine(postgres_url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS twice"))
        connection.execute(text("CREATE DATABASE twice"))
    url = postgres_url.replace("/postgres?", "/twice?")
    program = "import sys; from storage.database import *; upgrade(open_engine(sys.argv[1]))"
    both = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    engine = open_engine(url)
    current, newest = schema_state(engine)
    assert current == newest
    for each in (engine, admin):
        each.dispose()
