"""Real processes that are killed between publishing, planning and posting."""

from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from storage import deliveries
from storage.tables import ChannelPost, Delivery
from tests.candor import Candor
from tests.policy.publishing.acts import CHANNEL, policy, publish, versions
from tests.policy.publishing.test_notices import THURSDAY, notices_of, opted_in
from tests.policy.publishing.worker import BATCH, started

PEOPLE = [f"U{number:02d}" for number in range(1, 8)]


@pytest.fixture
def file(office: Candor, tmp_path: Path) -> str:
    path = tmp_path / "next.md"
    path.write_text(policy(office))
    return str(path)


def test_a_process_killed_before_its_transaction_ends_has_published_nothing_and_owes_nothing(
    office: Candor, file: str
) -> None:
    with started(office.sessions, "publish", file, office.clock()) as worker:
        worker.wait_for("written")
        worker.kill()
    office.tick()
    assert [version.number for version in versions(office)] == [1]
    with office.sessions() as session:
        assert not session.exec(select(ChannelPost)).all()


def test_a_process_killed_between_publishing_and_posting_loses_no_post_and_doubles_none(
    office: Candor, file: str
) -> None:
    with started(office.sessions, "publish", file, office.clock()) as worker:
        worker.wait_for("written")
        worker.go_on()
        worker.wait_for("committed")
        worker.kill()
    assert [version.number for version in versions(office)] == [1, 2]
    assert not office.sandbox.workspace.messages(CHANNEL)
    for _ in range(3):
        office.tick()
    assert len(office.sandbox.workspace.messages(CHANNEL)) == 1


def test_planning_that_is_killed_in_the_middle_leaves_nobody_without_a_notice_and_nobody_with_two(
    office: Candor,
) -> None:
    opted_in(office, *PEOPLE)
    publish(office, policy(office))
    with started(office.sessions, "plan", office.services.workspace_id, office.clock()) as worker:
        worker.wait_for("planned")
        worker.go_on()
        worker.wait_for("planned")
        worker.kill()
    assert len(owed(office)) == BATCH
    office.tick()
    assert Counter(owed(office)) == dict.fromkeys(PEOPLE, 1)
    office.tick_at(THURSDAY)
    assert {user: len(notices_of(office, user)) for user in PEOPLE} == dict.fromkeys(PEOPLE, 1)


def owed(office: Candor) -> list[str]:
    with office.sessions() as session:
        return list(session.exec(select(Delivery.person_id).where(Delivery.kind == deliveries.NOTICE)).all())
