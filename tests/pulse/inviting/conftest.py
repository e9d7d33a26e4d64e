"""Candor with a channel that hears of pulses."""

from collections.abc import Iterator

import pytest

from storage.database import SessionFactory
from tests.candor import Candor, running
from tests.pulse.inviting.acts import CHANNEL


@pytest.fixture
def office(sessions: SessionFactory) -> Iterator[Candor]:
    with running(sessions, channel=CHANNEL) as candor:
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="ai-policy", has_bot=True)
        yield candor
