"""Questions for HR without a name: what is kept, from when on HR sees them, and how they are answered."""

import copy
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect

from bot.logs import configure_logs
from bot.policy.asking.library import Library
from bot.policy.asking.open_questions import ANNOUNCED, answered_by, forget_answered, release
from bot.policy.document import parse_policy
from storage import questions
from storage.database import reading
from storage.tables import OpenQuestion, PolicyVersion, SectionFeedback
from tests.candor import HR, START, Candor
from tests.policy.asking.sending import FOOD, MORE, UNANSWERED, kept, seen_by_hr, send, send_all
from tests.policy.asking.world import ELSE, HEAD, USAGE, issue, next_week, said_of, words_in


def test_a_question_is_kept_as_its_text_and_its_week_and_nothing_else(candor: Candor) -> None:
    log = io.StringIO()
    configure_logs("DEBUG", log)
    candor.join("U01")
    issue(candor, weeks=20)
    send(candor, "U01", UNANSWERED[0], edited="Is there canary food?")
    (row,) = kept(candor)
    assert (row.text, row.week) == ("Is there canary food?", date(2026, 11, 16))
    assert set(OpenQuestion.model_fields) == {"id", "week", "text", "released"}
    assert "U01" not in row.id
    assert "canary" not in log.getvalue()
    names = [name for name in inspect(candor.sessions.kw["bind"]).get_table_names() if name != "open_question"]
    assert "canary" not in str([rows_of(candor, name) for name in names])


def rows_of(candor: Candor, name: str) -> list[Any]:
    with candor.sessions.kw["bind"].connect() as connection:
        return list(connection.exec_driver_sql(f"SELECT * FROM {name}"))


def test_what_is_new_to_hr_is_never_fewer_than_five_questions(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    candor.clock.now = next_week(candor.clock())
    assert UNANSWERED[0] in seen_by_hr(candor)
    for number, question in enumerate(MORE, start=1):
        send(candor, "U01", question)
        candor.clock.now = next_week(candor.clock())
        said = seen_by_hr(candor)
        assert [each in said for each in MORE] == [number == 5] * 5
        assert all(each in said for each in UNANSWERED)


def test_what_a_version_answers_already_does_not_help_others_into_view(candor: Candor) -> None:
    """HR would see the batch without it, so without it the batch is too small."""
    issue(candor, weeks=20)
    send_all(candor, number=4)
    candor.clock.now = next_week(candor.clock())
    issue(candor, weeks=18, body=USAGE + ELSE + FOOD)
    send(candor, "U01", UNANSWERED[4])
    candor.clock.now = next_week(candor.clock())
    assert release(candor.sessions, Library(), candor.clock()) == 0
    assert "Fewer than 5 questions" in seen_by_hr(candor)


def test_two_replicas_that_release_at_once_release_one_batch(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    now = next_week(candor.clock())
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: release(candor.sessions, Library(), now), range(2)))
    assert sorted(done) == [0, 5]
    assert {row.released for row in kept(candor)} == {date(2026, 11, 23)}


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


def test_what_a_version_answered_is_not_announced_again_by_the_next_one(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    candor.clock.now = next_week(candor.clock())
    assert "cafeteria" in seen_by_hr(candor)
    assert answered(candor, issue(candor, weeks=18, body=USAGE + ELSE + FOOD)) != []
    candor.clock.now = next_week(candor.clock())
    assert answered(candor, issue(candor, weeks=17, body=USAGE + ELSE + FOOD)) == []


def test_neither_place_nor_transaction_of_a_row_tells_when_or_after_whom_a_question_came(candor: Candor) -> None:
    issue(candor, weeks=20)
    for number, question in enumerate(UNANSWERED):
        candor.join(f"U{number}")
        send(candor, f"U{number}", question)
    if candor.sessions.kw["bind"].dialect.name == "sqlite":
        assert [row[0] for row in rows_of(candor, "open_question")] == sorted(row.id for row in kept(candor))
        return
    with candor.sessions.kw["bind"].connect() as connection:
        found = connection.exec_driver_sql("SELECT id, xmin::text, ctid::text FROM open_question ORDER BY ctid").all()
    assert len(found) == len(UNANSWERED)
    assert [row[0] for row in found] == sorted(row[0] for row in found)
    assert len({row[1] for row in found}) == 1


def test_a_draft_says_what_it_would_answer(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    source = HEAD.format(effective="2026-12-31", weeks=18, language="en") + USAGE + ELSE + FOOD
    draft = parse_policy(source.encode(), "policy.md")
    with reading(candor.sessions) as session:
        assert answered_by(session, draft, candor.clock()) == []
    after = next_week(candor.clock())
    assert release(candor.sessions, Library(), after) == 5
    with reading(candor.sessions) as session:
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
    assert ("How long figures stay: helped fewer than 5 times, did not help fewer than 5 times" in said) is (
        number == 5
    )
    assert "These are presses, not people" in said
    assert "Who sees figures" not in said


def test_how_often_a_section_helped_is_rounded_down_to_fives(candor: Candor) -> None:
    policy = issue(candor, weeks=20)
    with candor.sessions.begin() as session:
        for _ in range(14):
            questions.count(session, policy.hash, "How long figures stay", True)
    assert "How long figures stay: helped 10 times or more, did not help fewer than 5 times" in seen_by_hr(candor)


def test_feedback_names_nobody() -> None:
    assert set(SectionFeedback.model_fields) == {"policy_hash", "heading", "helpful", "count"}


def test_the_hourly_job_releases_what_is_due_also_when_hr_does_not_look(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    assert forget_answered(candor.sessions, candor.clock()) == 0
    assert {row.released for row in kept(candor)} == {None}
    assert forget_answered(candor.sessions, next_week(candor.clock())) == 0
    assert {row.released for row in kept(candor)} == {date(2026, 11, 23)}
