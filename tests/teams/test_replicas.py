"""Two that release at once, and two databases with the same data: one release, the same bytes."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from shutil import copyfile
from threading import Barrier
from typing import cast

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.teams.belonging.leaving import leave_summaries
from bot.teams.calendar import cut_off
from bot.teams.releasing import Released, release_due
from bot.teams.verifying import verify
from bot.weeks import WEEK
from storage.database import SessionFactory, open_engine, reading, session_factory
from storage.tables import Consent
from tests.replicas.meeting import meanwhile
from tests.teams.conftest import with_policy
from tests.teams.mixed import seasons_in_ledger, whole
from tests.teams.world import counting, published, release, withdraw


def _engine(company: SessionFactory) -> Engine:
    engine: Engine = company.kw["bind"]
    return engine


def _release_in(session: Session, week: date) -> str:
    """Make the release in a transaction that stays open; returns its hash."""

    class Open:
        def begin(self) -> AbstractContextManager[Session]:
            return nullcontext(session)

    made = release_due(cast(SessionFactory, Open()), cut_off(week), ())
    assert made is not None
    return made.hash


@pytest.fixture
def other(migrated_file: Path, tmp_path: Path) -> Iterator[SessionFactory]:
    """Another database: a file of SQLite, whatever the first one is."""
    engine = open_engine(f"sqlite:///{copyfile(migrated_file, tmp_path / 'other.db')}")
    yield with_policy(session_factory(engine))
    engine.dispose()


def test_the_same_data_give_the_same_bytes_in_whatever_database_and_order(
    company: SessionFactory, other: SessionFactory
) -> None:
    week = whole(company)
    whole(other, random.Random(1))
    for later in (week, week + WEEK):
        made, again = release(company, later), release(other, later)
        assert made == again and made is not None and made.shown >= 3
    assert published(company) == published(other)
    with reading(company) as one, reading(other) as two:
        assert list(verify(one)) == list(verify(two))


def test_two_replicas_at_once_make_one_release(company: SessionFactory) -> None:
    week, both = whole(company), Barrier(2)

    def run(_number: int) -> Released | None:
        both.wait(10)
        return release_due(company, cut_off(week), ())

    with ThreadPoolExecutor(2) as pool:
        made = [found for found in pool.map(run, range(2)) if found is not None]
    assert len(made) == 1
    assert ([row[0] for row in published(company)["release"]], seasons_in_ledger(company)) == (
        [str(week)],
        ["season 1"],
    )


def test_a_replica_that_comes_while_another_one_releases_waits_and_then_finds_nothing_to_do(
    company: SessionFactory,
) -> None:
    week, engine = whole(company), _engine(company)
    with company() as held:
        from_first = _release_in(held, week)
        assert meanwhile(engine, held, lambda: release_due(company, cut_off(week), ())) is None
    assert [row[-1] for row in published(company)["release"]] == [from_first]


def test_who_leaves_while_a_season_is_opened_does_not_count_in_it(company: SessionFactory) -> None:
    week, engine = whole(company), _engine(company)

    with company() as held:
        _release_in(held, week)
        meanwhile(engine, held, lambda: leave_summaries(company, "U11"))
    assert "U11" not in counting(company)


def test_who_opts_out_while_a_season_is_opened_does_not_count_in_it(company: SessionFactory) -> None:
    week, engine = whole(company), _engine(company)
    with company() as held:
        _release_in(held, week)
        meanwhile(engine, held, lambda: withdraw(company, "U11", cut_off(week)))
    assert "U11" not in counting(company)


def test_a_season_that_is_opened_while_somebody_leaves_waits_for_them_and_goes_without_them(
    company: SessionFactory,
) -> None:
    week, engine = whole(company), _engine(company)
    with company() as held:
        held.get_one(Consent, "U11").in_summaries = False
        held.flush()
        assert meanwhile(engine, held, lambda: release_due(company, cut_off(week), ())) is not None
    assert "U11" not in counting(company) and "U12" in counting(company)
