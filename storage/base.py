"""What every table is made of."""

from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, MetaData
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """The parent of every table; the naming convention lets a migration name what it changes."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime(), nullable=nullable, index=index))


def of_person(*, primary_key: bool = True) -> Any:
    column: Column[str] = Column(
        ForeignKey("person.id"), primary_key=primary_key, nullable=False, index=not primary_key
    )
    return Field(sa_column=column)
