"""Several people and processes at once: what is published, posted and told is so once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from bot.delivery import Composer, DeliverySettings, Message, Outbox
from bot.errors import CandorError
from bot.policy.publishing import drafting, notices
from bot.policy.publishing.drafting import Gone, PublishedOver, Rules
from storage import deliveries
from storage.deliveries import DIGEST, NOTICE, Owed
from tests.candor import HR, Candor
from tests.policy.publishing.acts import CHANNEL, HR2, policy, versions

RULES = Rules(CHANNEL, frozenset({HR, HR2}), two=False)


def together(*acts: Callable[[], object]) -> list[type[Exception] | None]:
    """What each of these came to, done at the same moment."""
    ready = Barrier(len(acts))

    def act(one: Callable[[], object]) -> type[Exception] | None:
        ready.wait()
        try:
            one()
        except CandorError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def draft(office: Candor, user: str, usage: int) -> str:
    text = policy(office, usage=usage)
    return drafting.propose(office.sessions, user, text.encode(), "policy.md", office.clock())


def test_of_two_people_who_publish_at_the_same_moment_one_does(office: Candor) -> None:
    for round_number in range(4):
        usage = 25 - 2 * round_number
        mine, theirs = draft(office, HR, usage), draft(office, HR2, usage - 1)
        done = together(
            *(partial(drafting.publish, office.sessions, each, RULES, office.clock()) for each in (mine, theirs))
        )
        assert sorted(map(str, done)) == sorted(map(str, [None, PublishedOver]))
        assert len(versions(office)) == round_number + 2


def test_one_draft_that_is_published_in_several_places_is_published_once(office: Candor) -> None:
    mine = draft(office, HR, 12)
    done = together(*[lambda: drafting.publish(office.sessions, mine, RULES, office.clock())] * 4)
    assert sorted(map(str, done)) == sorted(map(str, [None, Gone, Gone, Gone]))
    assert len(versions(office)) == 2


def test_a_draft_is_either_published_or_discarded(office: Candor) -> None:
    mine = draft(office, HR, 12)
    done = together(
        lambda: drafting.publish(office.sessions, mine, RULES, office.clock()),
        lambda: drafting.discard(office.sessions, mine),
    )
    assert sorted(map(str, done)) == sorted(map(str, [None, Gone]))


def test_notices_that_several_processes_plan_are_planned_once(office: Candor) -> None:
    people = [f"U{number:02d}" for number in range(12)]
    for person in people:
        office.join(person)
        office.opt_in(person)
    drafting.publish(office.sessions, draft(office, HR, 12), RULES, office.clock())
    found: list[int] = []
    plan = notices.plan
    together(*[lambda: found.append(plan(office.sessions, office.services.workspace_id, office.clock(), batch=5))] * 3)
    # Whoever finds a person in another's batch leaves them to that one, and the next tick looks again.
    found.append(plan(office.sessions, office.services.workspace_id, office.clock(), batch=5))
    assert sum(found) == 12


def says(word: str) -> Composer:
    return lambda session, batch, now: {delivery.id: Message(word, []) for delivery in batch}


def test_a_digest_that_is_due_does_not_wait_for_notices_to_everybody(office: Candor) -> None:
    office.join("U01")
    office.opt_in("U01")
    workspace, now = office.services.workspace_id, office.clock()
    with office.sessions.begin() as session:
        deliveries.plan(session, workspace, [Owed("U01", kind, "2026-W47", now) for kind in (NOTICE, DIGEST)])
    one_a_minute = DeliverySettings(per_minute=1, burst=1)
    kinds = {NOTICE: says("the notice"), DIGEST: says("the digest")}
    outbox = Outbox(
        office.sessions, office.client, kinds, office.clock, workspace_id=workspace, worker="w", settings=one_a_minute
    )
    outbox.run(now)
    assert [message.text for message in office.dms("U01")] == ["the digest"]
    office.clock.pass_by(minutes=1)
    outbox.run(office.clock())
    assert [message.text for message in office.dms("U01")] == ["the digest", "the notice"]
