"""INSERT with ON CONFLICT, which SQLAlchemy has for each database in its own dialect only."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from storage.base import Base

Insert = postgresql.Insert | sqlite.Insert


def insert(session: Session, table: type[Base]) -> Insert:
    """An INSERT into this table for the database that the session is of."""
    of_server = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if of_server else sqlite.insert(table)
