import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.sandbox.server import Sandbox
from storage.database import open_engine, session_factory
from tests.candor import MANIFEST
from tests.replicas.fleet import Fleet, fleet_of


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """The address of a database on this PostgreSQL server in which nothing is, not even a schema."""
    name = f"replicas_{uuid.uuid4().hex[:12]}"
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in which nothing is."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'candor.db'}"
        return
    with empty_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    """A local workspace on the real clock, with one member."""
    with Sandbox(MANIFEST) as sandbox:
        sandbox.workspace.add_user(id="U01", name="U01", email="u01@haldenlabs.example", tz="Europe/Madrid")
        sandbox.deliver_socket()
        yield sandbox


@pytest.fixture
def fleet(slack: Sandbox, empty_url: str, tmp_path: Path) -> Iterator[Fleet]:
    """No replica yet, and a database that none has ever seen."""
    engine = open_engine(empty_url)
    with fleet_of(slack, session_factory(engine), tmp_path) as fleet:
        yield fleet
    engine.dispose()
