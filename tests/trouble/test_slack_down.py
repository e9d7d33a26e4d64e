"""Slack is away for an hour: now and then one message tries whether it is back, one line says so, then all arrive."""

from collections.abc import Callable

import pytest

from bot.delivery import Outbox
from bot.delivery.outbox import SLACK_TROUBLE
from storage.deliveries import State
from tests.delivery.world import FAST
from tests.trouble.front import says
from tests.trouble.fronted import HISTORY, OPEN, POST, Fronted
from tests.trouble.lines import ended, logged, loud

HTML = says("<html>canary-text</html>", kind="text/html")
FOREVER = 10**6


def answers_html(world: Fronted) -> None:
    world.front.answers = {POST: HTML, HISTORY: HTML, OPEN: HTML}
    world.front.swallowed = {POST}


def answers_500(world: Fronted) -> None:
    trouble = says("canary-text", 500, "text/plain")
    world.front.answers = {POST: trouble, HISTORY: trouble, OPEN: trouble}
    world.front.swallowed = {POST}


def delivers_but_answers_503(world: Fronted) -> None:
    trouble = says('{"ok": false, "error": "service_unavailable"}', 503)
    world.front.answers = {POST: trouble, HISTORY: trouble, OPEN: trouble}


def hangs_up(world: Fronted) -> None:
    world.fault("drop_before", times=FOREVER)


def well_again(world: Fronted) -> None:
    world.front.answers, world.front.swallowed = {}, set()
    world.slack.faults.clear()


def all_arrives(world: Fronted, outbox: Outbox, people: list[str]) -> None:
    for _ in range(24 * 60):
        outbox.run(world.clock())
        if set(world.states()) == {State.SENT}:
            break
        world.clock.advance(60)
    assert {len(world.messages(each)) for each in people} == {1}


@pytest.mark.parametrize(
    ("trouble", "due"),
    [(answers_html, 500), (answers_500, 100), (delivers_but_answers_503, 100), (hangs_up, 100)],
)
def test_an_hour_without_a_proof_from_slack_costs_a_post_a_minute_and_one_line(
    world: Fronted, trouble: Callable[[Fronted], None], due: int
) -> None:
    people, outbox = world.crowd(due), world.outbox()
    trouble(world)
    with logged() as lines:
        world.run_for(outbox, minutes=60)
        # Three that make it trouble, then one a minute.
        assert 50 <= world.front.calls[POST] <= 3 + 60
        assert loud(lines) == [SLACK_TROUBLE]
        well_again(world)
        all_arrives(world, outbox, people)
        assert loud(lines) == [SLACK_TROUBLE]
        assert ended(lines) == 1


def test_an_hour_in_which_slack_refuses_connections_costs_nobody_a_try_and_one_line(world: Fronted) -> None:
    people, outbox = world.crowd(200), world.outbox()
    world.front.stop()
    with logged() as lines:
        world.run_for(outbox, minutes=60)
        assert loud(lines) == [SLACK_TROUBLE]
        assert 50 <= sum(line.get("outcome") == "refused" for line in lines) <= 3 + 60
        assert {row.attempts for row in world.rows()} == {0}
        world.front.start()
        all_arrives(world, outbox, people)
        assert ended(lines) == 1
    assert world.front.calls[POST] == len(people)


def test_a_small_company_loses_nothing_when_slack_cannot_be_reached_for_a_day(world: Fronted) -> None:
    people, outbox = world.crowd(2), world.outbox()
    world.front.stop()
    world.run_for(outbox, minutes=24 * 60, every_s=600)
    assert set(world.states()) == {State.READY}
    world.front.start()
    all_arrives(world, outbox, people)


def test_a_slack_that_hangs_is_asked_once_a_minute_too(world: Fronted) -> None:
    people, outbox = world.crowd(50), world.outbox()
    world.fault("hang_before", times=FOREVER)
    with logged() as lines:
        world.run_for(outbox, minutes=5)
        assert world.front.calls[POST] <= 3 + 5
        assert loud(lines) == [SLACK_TROUBLE]
    world.slack.faults.clear()
    all_arrives(world, outbox, people)


def test_trouble_is_noticed_though_the_rate_lets_through_one_message_at_a_time(world: Fronted) -> None:
    world.crowd(100)
    outbox = world.outbox(settings=FAST.model_copy(update={"per_minute": 60, "burst": 1}))
    answers_html(world)
    world.run_for(outbox, minutes=5, every_s=1)
    assert world.front.calls[POST] <= 3 + 5


def test_a_429_that_goes_on_for_hours_gives_nothing_up(world: Fronted) -> None:
    people, outbox = world.crowd(2), world.outbox()
    world.front.answers = {POST: says("slow down", 429, "text/html", {"Retry-After": "60"})}
    world.front.swallowed = {POST}
    with logged() as lines:
        world.run_for(outbox, minutes=4 * 60, every_s=60)
        assert loud(lines) == []
    assert set(world.states()) == {State.READY}
    well_again(world)
    all_arrives(world, outbox, people)
