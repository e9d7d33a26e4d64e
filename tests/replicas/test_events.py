"""The same event at two replicas at the same moment: one of them handles it."""

from sqlalchemy import Engine

from storage import events
from storage.database import SessionFactory
from tests.candor import START
from tests.replicas.meeting import meanwhile


def test_an_event_that_two_replicas_get_at_the_same_moment_is_new_to_one(
    engine: Engine, sessions: SessionFactory
) -> None:
    def second() -> bool:
        with sessions.begin() as session:
            return events.first_sight(session.connection(), "Ev1", START)

    with sessions() as first:
        assert events.first_sight(first.connection(), "Ev1", START)
        assert not meanwhile(engine, first, second)
