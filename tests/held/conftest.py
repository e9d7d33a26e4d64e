"""A company with a policy of its own, for whoever asks what is held of its people."""

import pytest

from tests.candor import Candor
from tests.held.filled import LONG, begin


@pytest.fixture
def company(candor: Candor) -> Candor:
    """The bot with a second version in force, whose terms are the tests' and which needs no notice."""
    begin(candor, retention_weeks=LONG)
    candor.clock.pass_by(days=15)
    return candor
