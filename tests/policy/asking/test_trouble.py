"""When Slack does not do as it is told, or somebody leaves in the middle."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.policy.asking.standing import goes_on
from bot.sandbox.faults import Fault
from bot.weeks import first_kept
from storage import held, questions
from storage.database import reading, scrub
from storage.tables import SectionFeedback, SentItem
from tests.candor import START, Candor
from tests.policy.asking.world import ask, issue, quotes_in, words_in

KEPT = "How long do you keep my figures?"
ABOUT_ME = "What do you know about me?"


def counted(candor: Candor) -> int:
    with candor.sessions() as session:
        return sum(row.count for row in session.scalars(select(SectionFeedback)))


def test_a_press_that_slack_did_not_show_is_not_counted_and_can_be_made_again(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    answer = ask(candor, "U01", KEPT)
    candor.sandbox.faults.add(Fault("chat.update", "error_500_before"))
    user = candor.sandbox.user("U01")
    user.press("asking.helped", message=answer)
    assert counted(candor) == 0
    assert "asking.helped" in str(answer.blocks)
    user.press("asking.helped", message=answer)
    assert counted(candor) == 1


@pytest.mark.parametrize("step", ["chat.postMessage", "chat.update"])
def test_no_counts_outlive_an_opt_out_in_the_middle_of_an_answer(candor: Candor, step: str) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")

    def leave(args: dict[str, Any]) -> bool:
        with candor.sessions.begin() as session:
            held.erase(session, "U01", open_week="2026-W47", now=candor.clock())
        return False

    candor.sandbox.faults.add(Fault(step, "ok", when=leave))
    answer = ask(candor, "U01", ABOUT_ME)
    candor.sandbox.faults.clear()
    candor.tick()
    assert answer.deleted or "Your consent to version 1" not in words_in(answer.blocks)
    assert answer.deleted == (step == "chat.update")


def test_the_question_is_answered_before_the_first_version_takes_effect_in_words(candor: Candor) -> None:
    candor.join("U01")
    candor.clock.now = START - timedelta(days=365)
    answer = ask(candor, "U01", KEPT)
    assert "takes effect on" in answer.text


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 520))
def test_what_is_said_to_go_on_a_day_goes_then_and_not_a_day_earlier(day: date, weeks: int) -> None:
    goes = goes_on(day, weeks)
    noon = START.replace(year=goes.year, month=goes.month, day=goes.day)
    assert first_kept(weeks, noon) > day
    assert first_kept(weeks, noon - timedelta(days=1)) <= day


def test_many_who_ask_at_once_each_get_the_same_answer(candor: Candor) -> None:
    issue(candor, weeks=20)
    people = [f"U{number:02d}" for number in range(8)]
    for user_id in people:
        candor.join(user_id)
    with candor.threads():
        for user_id in people:
            candor.sandbox.user(user_id).say(KEPT)
    answers = [message for user_id in people for message in candor.dms(user_id)]
    assert len(answers) == len(people)
    assert {tuple(quotes_in(answer.blocks)) for answer in answers} == {tuple(quotes_in(answers[0].blocks))}
    assert quotes_in(answers[0].blocks)


def test_of_a_question_that_was_answered_no_byte_stays_in_the_file(candor: Candor) -> None:
    engine = candor.sessions.kw["bind"]
    canary = "canary-question-of-somebody"
    with candor.sessions.begin() as session:
        for number in range(50):
            questions.add(session, f"{number:032x}", f"{canary} {number}", date(2026, 11, 9))
    with candor.sessions.begin() as session:
        questions.forget(session, [f"{number:032x}" for number in range(50)])
        assert questions.of_weeks_before(session, date(2027, 1, 4)) == []
    assert scrub(engine)
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database)
        files = [path.read_bytes() for path in file.parent.glob(f"{file.name}*")]
        assert not any(canary.encode() in content for content in files)


def test_an_answer_whose_counts_never_came_says_nothing_of_what_is_held(candor: Candor) -> None:
    """The message is noted, to be deleted on opting out, before the counts are in it."""
    candor.join("U01")
    candor.opt_in("U01", "chatgpt")
    candor.check_in("U01")
    candor.sandbox.faults.add(Fault("chat.update", "reset_before"))
    candor.sandbox.user("U01").say(ABOUT_ME)
    answer = candor.dms("U01")[-2]
    assert "1 check-in" not in str(answer.blocks) + answer.text
    with reading(candor.sessions) as session:
        noted = session.scalars(select(SentItem)).all()
    assert answer.ts in {item.ref for item in noted}
