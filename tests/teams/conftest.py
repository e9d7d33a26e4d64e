"""A database with the sample policy in force, for what needs no Slack."""

import pytest

from bot.policy.versions import ensure_published
from storage import people
from storage.database import SessionFactory
from tests.candor import PUBLISHED
from tests.policy.drafts import SAMPLE


@pytest.fixture
def company(sessions: SessionFactory) -> SessionFactory:
    """Empty but for the workspace and the policy."""
    return with_policy(sessions)


def with_policy(sessions: SessionFactory) -> SessionFactory:
    """The same database with a workspace and the sample policy in it."""
    with sessions.begin() as session:
        people.ensure_workspace(session, "T0HALDEN", "Halden Labs")
    ensure_published(sessions, SAMPLE, PUBLISHED)
    return sessions
