"""A plain design, of the kind that calls itself anonymous: for counter-proofs, so that each attack is known to bite.

It keeps no name beside an answer: a random key, the answer as it is, and a list of who has voted.
"""

import sqlite3
from contextlib import closing
from uuid import uuid4

from sqlalchemy import Engine, text


def begin(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE plain (id VARCHAR PRIMARY KEY, answer VARCHAR, note VARCHAR NOT NULL)"))
        connection.execute(text("CREATE TABLE plain_voted (person VARCHAR PRIMARY KEY)"))


def vote(engine: Engine, person: str, answer: str) -> None:
    with engine.begin() as connection:
        values = {"id": uuid4().hex, "answer": answer}
        connection.execute(text("INSERT INTO plain VALUES (:id, :answer, '')"), values)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO plain_voted VALUES (:person)"), {"person": person})


def close(engine: Engine) -> None:
    """What a plain design does about the bytes: it deletes the rows, and rebuilds the file."""
    with engine.begin() as writing:
        writing.execute(text("DELETE FROM plain"))
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as connection:
            connection.execute("VACUUM")


def end(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS plain"))
        connection.execute(text("DROP TABLE IF EXISTS plain_voted"))
