"""Runs the migrations on either database, one process at a time."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Engine, text
from sqlmodel.sql.sqltypes import AutoString

from storage.tables import Base
from storage.types import UtcDateTime

_LOCK = 0x43616E64  # "Cand": any number no other program of this database uses.


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration is history: it must not depend on column types that this code may change later."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Another replica's migration may take longer than anything else is allowed to.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            render_item=plain_types,
        )
        context.run_migrations()


run()
