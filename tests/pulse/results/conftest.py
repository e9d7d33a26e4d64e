"""Candor with a channel that hears of results."""

from collections.abc import Iterator

import pytest

from storage.database import SessionFactory
from tests.candor import Candor, running
from tests.pulse.results.acts import CHANNEL


@pytest.fixture
def office(sessions: SessionFactory) -> Iterator[Candor]:
    """The bot with the channel #ai-policy, of which it is a member, as is a colleague, U01."""
    with running(sessions, channel=CHANNEL) as candor:
        candor.join("U01")
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="ai-policy", has_bot=True)
        yield candor
