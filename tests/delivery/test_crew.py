"""Several workers of one process: as one, they use the rate although Slack takes its time."""

import math
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlmodel import Session

from bot.delivery import Crew, Tally
from bot.delivery.crew import together
from bot.delivery.messages import Answer
from bot.running import delivery_settings
from bot.troubles import Troubles
from storage.deliveries import DIGEST, State
from storage.tables import Delivery
from tests.candor import settings_for
from tests.delivery.world import FAST, MONDAY, World, greeting

SETTINGS = FAST.model_copy(update={"batch": 2})


def crew(world: World, number: int = 4) -> Crew:
    troubles = Troubles("candor.delivery")
    return Crew([world.outbox(f"worker {n}", SETTINGS, troubles=troubles) for n in range(number)])


def crowd(world: World, number: int) -> list[str]:
    people = [f"U{n:02}" for n in range(number)]
    world.add_people(*people)
    world.plan(*people)
    return people


def test_while_one_is_at_its_messages_the_others_are_at_theirs(world: World) -> None:
    people, meeting = crowd(world, 8), threading.Barrier(4)

    def together_or_never(session: Session, rows: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
        meeting.wait(60)
        return greeting(session, rows, now)

    world.composers = {DIGEST: together_or_never}
    assert crew(world).run(world.clock()).sent == 8
    assert [len(world.messages(each)) for each in people] == [1] * 8


def test_together_they_send_each_message_once_and_keep_to_the_rate(world: World) -> None:
    people = crowd(world, 150)
    tally = crew(world).run(world.clock())
    burst = FAST.burst - int(FAST.burst * FAST.notices_share)
    assert tally.sent == burst
    assert tally.resume_at is not None and tally.resume_at > MONDAY
    world.rest()
    assert [len(world.messages(each)) for each in people] == [1] * 150


def test_a_trouble_that_all_of_them_meet_is_one_line(world: World) -> None:
    crowd(world, 12)
    world.fault("error_500_before", times=50)
    with structlog.testing.capture_logs() as lines:
        crew(world).run(world.clock())
    assert sum(line["log_level"] == "error" for line in lines) == 1


def test_an_installation_that_is_no_good_is_one_line_whichever_of_them_find_out(world: World) -> None:
    crowd(world, 8)
    world.slack.workspace.refusal = "token_revoked"
    with structlog.testing.capture_logs() as lines:
        crew(world).run(world.clock())
    assert [line["reason"] for line in lines if line["log_level"] == "error"] == ["token_revoked"]
    assert set(world.states()) == {State.READY}


def test_told_to_stop_none_of_them_sends_any_more(world: World) -> None:
    crowd(world, 4)
    workers = crew(world)
    workers.stop()
    assert workers.stopping()
    assert workers.run(world.clock()).sent == 0
    assert set(world.states()) == {State.READY}


def test_their_tallies_are_one() -> None:
    later = MONDAY.replace(hour=10)
    done = together([Tally(sent=2, resume_at=later), Tally(sent=1, unknown=1, resume_at=MONDAY), Tally(limited=3)])
    assert done == Tally(sent=3, unknown=1, limited=3, resume_at=MONDAY)


def test_a_slow_rate_is_slow_from_the_first_second_on(world: World) -> None:
    for per_minute in (1, 6, 60, 300, 525):
        settings = delivery_settings(settings_for(world.slack, messages_per_minute=per_minute))
        assert settings.rate.free(None, MONDAY, notices=True) == math.ceil(per_minute / 6)
