"""One fleet of processes and one prepared database of each kind, for all tests here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.bases import Base, PostgresBase, SqliteBase, Zones, people
from tests.faults.fleet import Fleet, running_fleet
from tests.faults.stage import Stage, staged

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="package")
def fleet() -> Iterator[Fleet]:
    with running_fleet() as fleet:
        yield fleet


@pytest.fixture(scope="package")
def sqlite_base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return SqliteBase(tmp_path_factory.mktemp("faults"), people(3))


@pytest.fixture(scope="package")
def postgresql_base(postgres_url: str) -> Iterator[Base]:
    base = PostgresBase(postgres_url, people(3))
    yield base
    base.remove()


@pytest.fixture(scope="package", params=KINDS)
def base(request: pytest.FixtureRequest) -> Base:
    """Three people in Madrid to whom a digest is owed on Monday at nine, in a database of each kind."""
    found: Base = request.getfixturevalue(f"{request.param}_base")
    return found


@pytest.fixture(params=KINDS)
def prepared(request: pytest.FixtureRequest, zones: Zones, tmp_path: Path) -> Iterator[Base]:
    """The people of the module's `zones`, in a database of each kind that is nobody else's."""
    if request.param == "sqlite":
        yield SqliteBase(tmp_path, zones)
        return
    base = PostgresBase(request.getfixturevalue("postgres_url"), zones)
    yield base
    base.remove()


@pytest.fixture
def stage(fleet: Fleet, base: Base) -> Iterator[Stage]:
    with staged(fleet, base) as stage:
        yield stage
