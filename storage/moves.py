"""The statements that move a delivery from state to state, under the fence it is held by.

They run for every message and are built once: to build a statement costs more than to run it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, or_, update
from sqlmodel import Session

from storage import pace
from storage.tables import Base, Delivery

_ROW = Base.metadata.tables["delivery"]


def move(session: Session, delivery: Delivery, sources: Sequence[str], **values: Any) -> bool:
    """Set these columns if the row is in one of the states `sources`; False, and nothing, when it was taken over."""
    return _change(session, _held(*sources), delivery, values)


def move_if_open(session: Session, delivery: Delivery, source: str, now: datetime, **values: Any) -> bool:
    """As `move`, and only while the workspace's gate is open at `now`: no second statement has to ask."""
    return _change(session, _held_and_open(source), delivery, values | pace.moments(now))


def _change(session: Session, statement: Update, delivery: Delivery, values: dict[str, Any]) -> bool:
    held = {"held_id": delivery.id, "held_fence": delivery.fence}
    # On the connection: the session would look for objects of its own to bring up to date.
    return session.connection().execute(statement, held | values).rowcount == 1


@cache
def _held(*sources: str) -> Update:
    """An update of the columns that it will be given values for."""
    state = or_(*(_ROW.c.state == source for source in sources))
    return update(_ROW).where(_ROW.c.id == bindparam("held_id"), _ROW.c.fence == bindparam("held_fence"), state)


@cache
def _held_and_open(source: str) -> Update:
    return _held(source).where(pace.is_open(_ROW.c.workspace_id))
