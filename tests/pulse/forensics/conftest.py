"""A plain design in the same database, gone after the test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.candor import Candor
from tests.pulse.forensics import plain


@pytest.fixture
def disk(candor: Candor) -> Engine:
    """The engine of the bot's own database."""
    engine: Engine = candor.sessions.kw["bind"]
    return engine


@pytest.fixture
def beside(disk: Engine) -> Iterator[Engine]:
    """The same, with the plain design's tables in it."""
    plain.begin(disk)
    yield disk
    plain.end(disk)
