"""Candor with a channel for news of the policy and two people of HR; another with a rule that two have to agree."""

from collections.abc import Iterator

import pytest

from storage.database import SessionFactory
from tests.candor import HR, Candor, running
from tests.policy.publishing.acts import CHANNEL, HR2

BOTH = frozenset({HR, HR2})


@pytest.fixture
def office(sessions: SessionFactory) -> Iterator[Candor]:
    """The bot with the channel #ai-policy, of which it is a member."""
    with running(sessions, hr=BOTH, channel=CHANNEL) as candor:
        candor.join(HR2)
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="ai-policy", has_bot=True)
        yield candor


@pytest.fixture
def strict_office(sessions: SessionFactory) -> Iterator[Candor]:
    """The same where a second person of HR has to confirm."""
    with running(sessions, hr=BOTH, channel=CHANNEL, two_publishers=True) as candor:
        candor.join(HR2)
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="ai-policy", has_bot=True)
        yield candor
