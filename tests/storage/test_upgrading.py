"""A database of the version before: what people agreed to then goes on to hold, and gets its seal at the next start."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlmodel import select

from bot.policy.binding import binding
from bot.policy.chain import faults
from bot.policy.kept.standing import standing
from bot.policy.versions import require_in_force, terms_of
from bot.schedule import tidy
from storage import consents, policies
from storage.database import migration_config, open_engine, session_factory, upgrade
from storage.tables import Consent
from tests.candor import START, Candor, running
from tests.policy.drafts import publish_next
from tests.rows import add_usage

AGREED = START - timedelta(weeks=3)
OLD = (
    "INSERT INTO person (id, tz, is_manager, active, invitations) VALUES ('U01', 'UTC', false, true, true)",
    "INSERT INTO policy_version (hash, number, title, contact, effective, text, terms, published_at) VALUES "
    "('{hash}', 1, 'The old policy', 'the owner', '2026-09-01', '# Kept\n\nFor 12 weeks.\n', "
    '\'{{"tools": ["cursor", "chatgpt"], "retention_weeks": 12}}\', \'{published}\')',
    "INSERT INTO consent (person_id, receipt_id, policy_hash, granted_at, figures_in_dm) VALUES "
    "('U01', 'r1', '{hash}', '{granted}', true)",
    "INSERT INTO consent_tool (person_id, tool, since) VALUES ('U01', 'cursor', '2026-10-26')",
    "INSERT INTO preference (person_id, weekday, hour, paused) VALUES ('U01', 0, 9, false)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database in which nothing was ever made."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
        yield engine
        engine.dispose()
        return
    url = request.getfixturevalue("postgres_url")
    admin = open_engine(url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS old"))
        connection.execute(text("CREATE DATABASE old"))
    engine = open_engine(url.replace("/postgres?", "/old?"))
    yield engine
    for each in (engine, admin):
        each.dispose()


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database at the schema before, with a version and somebody who agreed to it."""
    command.upgrade(migration_config(empty), "0002")
    with empty.begin() as connection:
        for statement in OLD:
            given = statement.format(hash="0" * 64, published=_sql(AGREED - timedelta(weeks=1)), granted=_sql(AGREED))
            connection.exec_driver_sql(given)
    return empty


def _sql(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ") + (".000000" if not moment.microsecond else "")


@pytest.fixture
def candor(old: Engine) -> Iterator[Candor]:
    """The bot on the upgraded database, after its next start."""
    upgrade(old)
    with running(session_factory(old)) as candor:
        yield candor


def test_the_old_version_stays_in_force_and_is_sealed_at_the_next_start(candor: Candor) -> None:
    version = require_in_force(candor.sessions, START)
    assert (version.number, version.title, version.source, version.clauses) == (1, "The old policy", None, [])
    assert version.in_force_from == version.published_at == AGREED - timedelta(weeks=1)
    terms = terms_of(version)
    assert set(terms.tools) == {"cursor", "chatgpt"}
    assert set(dict(terms.retention_weeks).values()) == {12}
    with candor.sessions.begin() as session:
        assert list(faults(policies.published(session), policies.newest_known(session))) == []
        assert version.chain


def test_a_version_that_says_it_takes_effect_later_than_it_was_published_does_so(old: Engine) -> None:
    with old.begin() as connection:
        connection.exec_driver_sql("UPDATE policy_version SET effective = '2026-12-24'")
    upgrade(old)
    with session_factory(old).begin() as session:
        (version,) = policies.published(session)
    assert version.in_force_from == datetime(2026, 12, 24, tzinfo=UTC)


def test_who_agreed_then_is_bound_by_it_also_when_a_looser_version_comes(candor: Candor) -> None:
    publish_next(candor.sessions, START, retention_weeks=52)
    with candor.sessions.begin() as session:
        own = binding(session, START).of_consent("0" * 64)
        stand = standing(session, "U01", START)
        (consent,) = session.exec(select(Consent)).all()
    assert (own.retention_weeks.usage, set(own.tools)) == (12, {"cursor", "chatgpt"})
    assert stand is not None
    assert (stand.agreed, stand.in_force, stand.stricter) == (1, 2, True)
    assert (consent.noticed, consent.read_version, consent.read_at) == (1, None, None)


def test_what_is_held_obeys_the_old_terms_and_the_form_says_what_the_new_ones_loosen(candor: Candor) -> None:
    publish_next(candor.sessions, START, retention_weeks=52)
    day = START.date() - timedelta(weeks=14)
    add_usage(candor.sessions, "U01", "cursor", day, START.date(), surface="ide", requests=1)
    tidy(candor.services, START)
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", "held")
    assert str(candor.top_modal("U01")).count("tool: cursor · surface: ide") == 1
    user.close_modal()
    user.open_home()
    user.press("consent.open", view=candor.sandbox.workspace.home("U01"))
    assert "You agreed to version 1 before" in str(candor.top_modal("U01"))
    with candor.sessions.begin() as session:
        assert consents.get(session, "U01") is not None


def test_the_new_schema_can_be_taken_back(old: Engine) -> None:
    upgrade(old)
    command.downgrade(migration_config(old), "0002")
    with old.connect() as connection:
        assert connection.exec_driver_sql("SELECT number FROM policy_version").scalar_one() == 1
        assert connection.exec_driver_sql("SELECT person_id FROM consent").scalar_one() == "U01"
    upgrade(old)
