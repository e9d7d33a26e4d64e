"""Composers that fail, in every way, and rows that make no sense: one bad row holds up no other, at no tick."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from bot.delivery import Message
from bot.delivery.messages import Answer
from bot.delivery.outbox import ALL_REFUSED, COMPOSING_TROUBLE, NOT_COMPOSED
from storage.deliveries import DIGEST, State
from storage.tables import Delivery
from tests.delivery.world import FAST, greeting
from tests.trouble.fronted import Fronted
from tests.trouble.lines import logged, loud
from tests.trouble.stage import Stage
from tests.trouble.test_refusals import FAILED, STOPPED

BAD = "U00001"


def raises(error: Exception) -> Callable[[Session], Any]:
    def act(_session: Session) -> Any:
        raise error

    return act


def asks_for_nonsense(session: Session) -> Any:
    """A value that no date can have: PostgreSQL raises `DataError`, SQLite computes nothing from it."""
    if session.get_bind().dialect.name == "sqlite":
        raise OverflowError("canary-text")
    return session.connection().execute(text("SELECT CAST('canary-text' AS date)"))


WAYS: dict[str, Callable[[Session], Any]] = {
    "raises": raises(ZeroDivisionError("canary-text")),
    "raises a key": raises(KeyError("canary-text")),
    "finds no row": raises(NoResultFound("canary-text")),
    "asks the database for nonsense": asks_for_nonsense,
    "says nothing": lambda session: None,
    "says something else": lambda session: "canary-text",
}


@pytest.mark.parametrize("how", WAYS)
def test_one_message_that_cannot_be_composed_holds_up_no_other_and_is_told_once(world: Fronted, how: str) -> None:
    def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        answers = dict(greeting(session, rows, now))
        for row in rows:
            if row.person_id == BAD:
                answers[row.id] = WAYS[how](session)
        return answers

    people = world.crowd(30)
    world.composers = {DIGEST: compose}
    with logged() as lines:
        outbox = world.outbox()
        assert outbox.run(world.clock()).sent == 29
        world.run_for(outbox, minutes=180, every_s=60)
    rows = {row.person_id: row for row in world.rows()}
    assert (rows[BAD].state, rows[BAD].reason) == (State.FAILED, "gave up after 8 refusals")
    assert [len(world.messages(each)) for each in people] == [each != BAD for each in people]
    assert loud(lines) == [COMPOSING_TROUBLE, FAILED]


def test_a_composer_that_fails_for_everybody_stops_sending_before_everybody_has_lost_their_week(
    world: Fronted,
) -> None:
    def compose(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        raise ZeroDivisionError("canary-text")

    people = world.crowd(100)
    world.composers = {DIGEST: compose}
    with logged() as lines:
        world.run_for(world.outbox(), minutes=180, every_s=60)
    assert loud(lines) == [COMPOSING_TROUBLE, STOPPED]
    assert (set(world.states()), world.workspace().stop_reason) == ({State.READY}, NOT_COMPOSED)
    assert sum(row.attempts for row in world.rows()) == ALL_REFUSED
    assert not any(world.messages(each) for each in people)


def test_an_answer_for_somebody_elses_delivery_is_not_heard(world: Fronted) -> None:
    world.crowd(2)
    notice, digest = "notice", DIGEST
    world.plan(BAD, kind=notice)
    [other] = [row.id for row in world.rows() if row.kind == digest and row.person_id == BAD]

    def meddling(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        return {**greeting(session, rows, now), other: Message("not yours", []), "unknown": Message("nobody's", [])}

    world.composers = {digest: greeting, notice: meddling}
    world.rest()
    assert all(message.text.startswith("Week") for message in world.messages(BAD))
    assert len(world.messages(BAD)) == 2


def test_a_composer_that_takes_longer_than_the_lease_posts_nothing_that_another_has_posted(world: Fronted) -> None:
    people = world.crowd(3)

    def slow(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        answers = greeting(session, rows, now)
        world.clock.advance(FAST.lease_s + 1)
        return answers

    fast, world.composers = world.outbox("fast"), {DIGEST: slow}

    slow_one = world.outbox("slow", monotonic=meanwhile(lambda: fast.run(world.clock())))
    slow_one.run(world.clock())
    assert [len(world.messages(each)) for each in people] == [1, 1, 1]
    assert set(world.states()) == {State.SENT}


def meanwhile(act: Callable[[], object]) -> Callable[[], float]:
    """A monotonic clock at whose second look, the one before the first intent, something else happens."""
    looks = iter([lambda: None, act])

    def look() -> float:
        next(looks, lambda: None)()
        return 0.0

    return look


def spoil(stage: Stage, statement: str) -> None:
    """Change a row by hand, against all rules of the schema."""
    url = stage.candor.sessions.kw["bind"].url
    if url.get_backend_name() == "sqlite":
        # Without the pragma that the bot sets, SQLite does not look at foreign keys.
        with closing(sqlite3.connect(url.database, isolation_level=None)) as file:
            file.execute(statement)
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize("week", ["garbage", "", "2026-W99", f"{'9' * 40}-W01", "2026-W48\x01"])
def test_a_row_whose_week_makes_no_sense_ends_alone(stage: Stage, week: str) -> None:
    stage.candor.sandbox.workspace.refusal = "token_revoked"
    stage.ticker.beat()
    stage.candor.sandbox.workspace.refusal = None
    spoil(stage, f"UPDATE delivery SET week = '{week}' WHERE person_id = 'U02'")
    spoil(stage, "UPDATE workspace SET stopped_at = NULL")
    with logged():
        stage.ticker.beat()
        assert [stage.arrived()[place] for place in (0, 2)] == [1, 1]
        stage.tick_for(minutes=180, every_s=600)
    [bad] = [row for row in stage.rows() if row.week == week]
    assert bad.state in (State.FAILED, State.DROPPED)
    assert bad.reason in ("gave up after 8 refusals", "too late", "nothing to report")


def test_a_delivery_whose_person_is_gone_is_dropped(stage: Stage) -> None:
    stage.candor.sandbox.workspace.refusal = "token_revoked"
    stage.ticker.beat()
    stage.candor.sandbox.workspace.refusal = None
    spoil(stage, "DELETE FROM person WHERE id = 'U02'")
    spoil(stage, "UPDATE workspace SET stopped_at = NULL")
    with logged() as lines:
        stage.tick_for(minutes=5)
    states = {row.person_id: (row.state, row.reason) for row in stage.rows()}
    assert states["U02"] == (State.DROPPED, "deactivated")
    assert stage.arrived() == [1, 0, 1]
    assert loud(lines) == []
