"""A follow-up in a thread keeps its section in mind, where Slack says what the thread is about."""

from collections.abc import Sequence

import pytest

from bot.policy.asking.library import open_book
from bot.policy.asking.threads import EVENT_TYPE
from bot.sandbox.faults import Fault
from storage.tables import PolicyVersion
from tests.candor import Candor
from tests.policy.asking.world import ELSE, USAGE, ask, in_force, issue, quotes_in

KEPT = "How long do you keep my figures?"
FOLLOW_UPS = ("And who else?", "Why?", "What about older ones?", "Is there an exception?", "And after that?", "Nobody?")


def led_by_its_thread(policy: PolicyVersion, about: str, follow_ups: Sequence[str] = FOLLOW_UPS) -> str:
    """A follow-up that the engine answers otherwise when it knows what it is about."""
    index = open_book(policy).index
    return next(each for each in follow_ups if index.ask(each, about=about) != index.ask(each))


def test_a_follow_up_is_answered_with_its_section_in_mind(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    policy = in_force(candor)
    follow_up = led_by_its_thread(policy, "How long figures stay")
    first = ask(candor, "U01", KEPT)
    assert first.thread_ts is not None
    expected = open_book(policy).index.ask(follow_up, about="How long figures stay")
    assert quotes_in(ask(candor, "U01", follow_up, thread_ts=first.thread_ts).blocks) == [
        passage.quote for passage in expected.passages
    ]
    alone = open_book(policy).index.ask(follow_up)
    assert quotes_in(ask(candor, "U01", follow_up).blocks) == [passage.quote for passage in alone.passages]


def test_an_answer_stands_in_the_thread_of_its_question_and_says_by_numbers_what_it_is_about(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    answer = ask(candor, "U01", KEPT)
    assert answer.metadata == {"event_type": EVENT_TYPE, "event_payload": {"version": 2, "clause": 0}}
    again = ask(candor, "U01", "Can my manager see my figures?", thread_ts=answer.thread_ts)
    assert again.thread_ts == answer.thread_ts
    assert again.metadata == {"event_type": EVENT_TYPE, "event_payload": {"version": 2, "clause": 1}}


@pytest.mark.parametrize("fault", ["no metadata", "refused"])
def test_it_answers_also_where_slack_does_not_say_what_the_thread_is_about(candor: Candor, fault: str) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    first = ask(candor, "U01", KEPT)
    if fault == "no metadata":
        first.metadata = None
    else:
        candor.sandbox.faults.add(Fault("conversations.replies", "error_500_before"))
    assert quotes_in(ask(candor, "U01", KEPT, thread_ts=first.thread_ts).blocks) == quotes_in(first.blocks)


def test_a_thread_about_a_section_that_a_later_version_no_longer_has_is_answered(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20, body=USAGE + ELSE)
    first = ask(candor, "U01", KEPT)
    issue(candor, weeks=18, body=ELSE)
    answer = ask(candor, "U01", "Can my manager see my figures?", thread_ts=first.thread_ts)
    assert "You alone see your figures." in quotes_in(answer.blocks)[0]
