"""Questions for HR without a name: what is kept, from when on HR sees them, and how they are answered."""

import copy
import io
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select

from bot.logs import configure_logs
from bot.policy.asking.open_questions import ANNOUNCED, answered_by, forget_answered
from bot.policy.document import parse_policy
from storage import questions
from storage.database import reading
from storage.tables import OpenQuestion, PolicyVersion, SectionFeedback
from tests.candor import HR, START, Candor
from tests.policy.asking.world import ELSE, HEAD, USAGE, ask, issue, next_week, said_of, words_in

UNANSWERED = (
    "What does the cafeteria serve on Fridays?",
    "Who waters the office plants?",
    "When is the summer party?",
    "Is the gym open at night?",
    "Where can I park my bicycle?",
)
FOOD = """
# The cafeteria
<!-- promise -->
<!-- questions
What does the cafeteria serve on Fridays?
-->

On Fridays the cafeteria serves fish and chips.
"""


def send(candor: Candor, user_id: str, question: str, edited: str | None = None) -> None:
    """Ask, then send the question to HR through the form."""
    user = candor.sandbox.user(user_id)
    answer = ask(candor, user_id, question)
    user.press("asking.send", message=answer)
    assert user.fill_and_submit(values={"question": edited} if edited else {}).ok
    user.close_modal()


def send_all(candor: Candor, *, number: int = 5) -> None:
    for user_id, question in zip(["U01", "U02"] * 3, UNANSWERED[:number], strict=False):
        if user_id not in candor.sandbox.workspace.users:
            candor.join(user_id)
        send(candor, user_id, question)


def kept(candor: Candor) -> list[OpenQuestion]:
    with candor.sessions() as session:
        return list(session.scalars(select(OpenQuestion)))


def seen_by_hr(candor: Candor) -> str:
    user = candor.sandbox.user(HR)
    user.open_home()
    user.press("asking.questions", view=candor.sandbox.workspace.home(HR))
    said = words_in(candor.top_modal(HR))
    user.close_modal()
    return said


def test_a_question_is_kept_as_its_text_and_its_week_and_nothing_else(candor: Candor) -> None:
    log = io.StringIO()
    configure_logs("DEBUG", log)
    candor.join("U01")
    issue(candor, weeks=20)
    send(candor, "U01", UNANSWERED[0], edited="Is there canary food?")
    (row,) = kept(candor)
    assert (row.text, row.week) == ("Is there canary food?", date(2026, 11, 16))
    assert set(OpenQuestion.model_fields) == {"id", "week", "text"}
    assert "U01" not in row.id
    assert "canary" not in log.getvalue()
    names = [name for name in inspect(candor.sessions.kw["bind"]).get_table_names() if name != "open_question"]
    assert "canary" not in str([rows_of(candor, name) for name in names])


def rows_of(candor: Candor, name: str) -> list[Any]:
    with candor.sessions.kw["bind"].connect() as connection:
        return list(connection.exec_driver_sql(f"SELECT * FROM {name}"))


def test_the_form_holds_the_question_without_the_person_who_was_named_in_it(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    user = candor.sandbox.user("U01")
    user.command("/candor", "ask Can @ana see what the cafeteria serves?")
    user.press("asking.send")
    (field,) = [block for block in candor.top_modal("U01")["blocks"] if block["type"] == "input"]
    assert field["element"]["initial_value"] == "Can my colleague see what the cafeteria serves?"
    assert user.fill_and_submit().ok
    assert "Sent, without your name" in words_in(candor.top_modal("U01"))


def test_the_same_submission_delivered_twice_is_kept_once(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    send(candor, "U01", UNANSWERED[0])
    candor.sandbox.send_raw(candor.sandbox.last_payload("interactive"), "interactive")
    assert len(kept(candor)) == 1


def test_two_people_who_ask_the_same_are_two(candor: Candor) -> None:
    issue(candor, weeks=20)
    for user_id in ("U01", "U02"):
        candor.join(user_id)
        send(candor, user_id, UNANSWERED[0])
    assert [row.text for row in kept(candor)] == [UNANSWERED[0]] * 2


def test_somebody_elses_form_is_refused(candor: Candor) -> None:
    for user_id in ("U01", "U02"):
        candor.join(user_id)
    issue(candor, weeks=20)
    send(candor, "U01", UNANSWERED[0])
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"] = "U02"
    candor.sandbox.send_raw(payload, "interactive")
    assert len(kept(candor)) == 1


def test_a_form_with_nothing_in_it_is_not_sent(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    user = candor.sandbox.user("U01")
    user.press("asking.send", message=ask(candor, "U01", UNANSWERED[0]))
    assert user.fill_and_submit(values={"question": "   "}).errors.keys() == {"question"}
    assert kept(candor) == []


def test_a_form_that_is_closed_sends_nothing(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    user = candor.sandbox.user("U01")
    user.press("asking.send", message=ask(candor, "U01", UNANSWERED[0]))
    user.close_modal()
    assert kept(candor) == []


def test_hr_sees_questions_from_five_on_of_weeks_that_have_ended(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor, number=4)
    candor.clock.now = next_week(candor.clock())
    assert "Fewer than 5 questions" in seen_by_hr(candor)
    candor.clock.now = START
    send(candor, "U01", UNANSWERED[4])
    assert "Fewer than 5 questions" in seen_by_hr(candor)
    candor.clock.now = next_week(candor.clock())
    said = seen_by_hr(candor)
    assert all(question in said for question in UNANSWERED)
    assert "U01" not in said
    assert "2026" not in said


def test_the_order_in_which_hr_sees_them_is_another_each_time(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    candor.clock.now = next_week(candor.clock())
    orders = {tuple(sorted(UNANSWERED, key=seen_by_hr(candor).index)) for _ in range(40)}
    assert len(orders) > 5


def test_only_hr_sees_them(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    candor.clock.now = next_week(candor.clock())
    seen_by_hr(candor)
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    candor.sandbox.user(HR).press("asking.questions", view=candor.sandbox.workspace.home(HR))
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"], payload["actions"][0]["value"] = "U01", "U01|"
    candor.sandbox.send_raw(payload, "interactive")
    said = str(candor.sandbox.workspace.modals("U01")) + "".join(message.text for message in candor.dms("U01")[-1:])
    assert "Only HR can do this" in said
    candor.sandbox.user("U01").open_home()
    assert "asking.questions" not in str(candor.sandbox.workspace.home("U01"))


def test_hr_cannot_be_pinged_or_misled_by_what_is_in_a_question(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor, number=4)
    typed = "<!channel> *bold* &amp; :tada: <@U0HR>"
    send(candor, "U01", UNANSWERED[4], edited=typed)
    candor.clock.now = next_week(candor.clock())
    user = candor.sandbox.user(HR)
    user.open_home()
    user.press("asking.questions", view=candor.sandbox.workspace.home(HR))
    shown = [block for block in candor.top_modal(HR)["blocks"] if typed in words_in(block)]
    assert [block["type"] for block in shown] == ["rich_text"]
    assert "user_id" not in str(shown)


def test_a_later_version_that_answers_is_announced_in_its_authors_words_and_the_question_goes(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    candor.clock.now = next_week(candor.clock())
    assert "cafeteria" in seen_by_hr(candor)
    answering = issue(candor, weeks=18, body=USAGE + ELSE + FOOD)
    assert said_of(answering, UNANSWERED[0]).tier == "answer"
    assert answered(candor, answering) == ["What does the cafeteria serve on Fridays? (The cafeteria)"]
    assert "Fewer than 5 questions" in seen_by_hr(candor)
    assert len(kept(candor)) == 5

    candor.clock.pass_by(days=ANNOUNCED.days)
    assert forget_answered(candor.sessions, candor.clock()) == 1
    assert UNANSWERED[0] not in [row.text for row in kept(candor)]
    assert len(kept(candor)) == 4


def answered(candor: Candor, version: PolicyVersion) -> list[str]:
    with reading(candor.sessions) as session:
        return answered_by(session, version, candor.clock())


def test_a_draft_says_what_it_would_answer(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    source = HEAD.format(effective="2026-12-31", weeks=18) + USAGE + ELSE + FOOD
    draft = parse_policy(source.encode(), "policy.md")
    with reading(candor.sessions) as session:
        assert answered_by(session, draft, candor.clock()) == []
        after = next_week(candor.clock())
        assert answered_by(session, draft, after) == ["What does the cafeteria serve on Fridays? (The cafeteria)"]


def test_what_hr_could_not_see_is_not_announced(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor, number=4)
    candor.clock.now = next_week(candor.clock())
    answering = issue(candor, weeks=18, body=USAGE + ELSE + FOOD)
    assert answered(candor, answering) == []


def test_what_is_asked_in_spite_of_the_newest_version_stays_open(candor: Candor) -> None:
    answering = issue(candor, weeks=20, body=USAGE + ELSE + FOOD)
    candor.join("U03")
    send(candor, "U03", UNANSWERED[1], edited=UNANSWERED[0])
    for question in UNANSWERED[1:]:
        send(candor, "U03", question)
    candor.clock.now = next_week(candor.clock())
    assert UNANSWERED[0] in seen_by_hr(candor)
    assert forget_answered(candor.sessions, candor.clock() + timedelta(days=60)) == 0
    assert answered(candor, answering) == []


@pytest.mark.parametrize("number", [4, 5])
def test_whether_a_section_helped_is_shown_to_hr_from_five_answers_on(candor: Candor, number: int) -> None:
    policy = issue(candor, weeks=20)
    with candor.sessions.begin() as session:
        for _ in range(number - 1):
            questions.count(session, policy.hash, "How long figures stay", True)
        questions.count(session, policy.hash, "How long figures stay", False)
        questions.count(session, policy.hash, "Who sees figures", True)
    said = seen_by_hr(candor)
    assert ("How long figures stay: helped 4, did not help 1" in said) is (number == 5)
    assert "Who sees figures" not in said


def test_feedback_names_nobody() -> None:
    assert set(SectionFeedback.model_fields) == {"policy_hash", "heading", "helpful", "count"}
