"""Sending HR a question without a name: the form, what is kept of it, and who cannot."""

import copy
from typing import Any

import pytest

from bot.policy.asking.open_questions import fingerprint
from bot.sandbox.faults import Fault, FaultKind
from tests.candor import HR, Candor
from tests.policy.asking.sending import UNANSWERED, kept, send, send_all
from tests.policy.asking.world import ask, issue, words_in


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


def test_the_same_question_is_kept_once_whoever_sends_it_and_however_often(candor: Candor) -> None:
    issue(candor, weeks=20)
    for user_id in ("U01", "U02"):
        candor.join(user_id)
    for typed in (UNANSWERED[0], UNANSWERED[0].upper(), f"  {UNANSWERED[0][:-1]} ?!"):
        send(candor, "U01", UNANSWERED[0], edited=typed)
    send(candor, "U02", UNANSWERED[0])
    assert [row.text for row in kept(candor)] == [UNANSWERED[0]]


@pytest.mark.parametrize(
    ("one", "other"), [("Who sees C++?", "Who sees C?"), ("🎉", "🎈"), ("???", "!!!"), ("क्या", "का"), ("a b", "ab")]
)
def test_what_differs_in_more_than_case_blanks_and_punctuation_is_another_question(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_half_a_character_is_no_trouble(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    send(candor, "U01", UNANSWERED[0], edited="Is \ud83d kept?")
    assert [row.text for row in kept(candor)] == ["Is ? kept?"]


def test_the_order_in_which_questions_are_stored_says_nothing_of_when_they_came(candor: Candor) -> None:
    issue(candor, weeks=20)
    send_all(candor)
    stored = [row[0] for row in candor_rows(candor)]
    if candor.sessions.kw["bind"].dialect.name == "sqlite":
        assert stored == sorted(stored)
    assert set(stored) == {fingerprint(question) for question in UNANSWERED}


def candor_rows(candor: Candor) -> list[Any]:
    with candor.sessions.kw["bind"].connect() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM open_question"))


def test_after_sending_the_button_for_it_is_gone_from_the_message(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    user = candor.sandbox.user("U01")
    answer = ask(candor, "U01", UNANSWERED[0])
    user.press("asking.send", message=answer)
    assert "asking.send" in str(answer.blocks)
    user.fill_and_submit()
    assert "asking.send" not in str(answer.blocks)
    assert "policy.read" in str(answer.blocks)
    assert "Sent to HR, without your name." in words_in(answer.blocks)


def test_after_sending_from_a_modal_the_button_for_it_is_gone_too(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    user = candor.sandbox.user("U01")
    user.command("/candor", f"ask {UNANSWERED[0]}")
    user.press("asking.send")
    user.fill_and_submit()
    user.close_modal()
    assert "asking.send" not in str(candor.sandbox.workspace.modals("U01"))
    assert len(kept(candor)) == 1


@pytest.mark.parametrize("kind", ["error_500_before", "ratelimited"])
def test_a_button_that_cannot_be_taken_away_loses_no_question(candor: Candor, kind: FaultKind) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    candor.sandbox.faults.add(Fault(method="conversations.replies", kind=kind, retry_after=1))
    send(candor, "U01", UNANSWERED[0])
    assert len(kept(candor)) == 1


def test_the_form_says_that_slack_keeps_the_message_with_the_question(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    user = candor.sandbox.user("U01")
    user.press("asking.send", message=ask(candor, "U01", UNANSWERED[0]))
    said = words_in(candor.top_modal("U01"))
    assert "stays in Candor's direct message, under your name" in said
    assert "could match them by their words" in said
    user.close_modal()
    user.command("/candor", f"ask {UNANSWERED[0]}")
    user.press("asking.send")
    assert "under your name" not in words_in(candor.top_modal("U01"))


def test_somebody_of_hr_cannot_send_one(candor: Candor) -> None:
    issue(candor, weeks=20)
    candor.join("U01")
    user = candor.sandbox.user(HR)
    user.press("asking.send", message=ask(candor, HR, UNANSWERED[0]))
    assert "You can answer it yourself in the next version" in words_in(candor.top_modal(HR))
    candor.sandbox.user("U01").press("asking.send", message=ask(candor, "U01", UNANSWERED[0]))
    candor.sandbox.user("U01").fill_and_submit()
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"] = HR
    payload["view"]["private_metadata"] = f"{HR}|"
    for elements in payload["view"]["state"]["values"].values():
        for element in elements.values():
            element["value"] = UNANSWERED[1]
    candor.sandbox.send_raw(payload, "interactive")
    assert [row.text for row in kept(candor)] == [UNANSWERED[0]]


def test_sending_is_not_counted_among_the_questions_of_a_minute(candor: Candor) -> None:
    candor.join("U01")
    issue(candor, weeks=20)
    user = candor.sandbox.user("U01")
    answers = [ask(candor, "U01", question) for question in UNANSWERED * 2]
    for answer in answers[:5]:
        user.press("asking.send", message=answer)
        assert user.fill_and_submit().ok
        user.close_modal()
    assert len(kept(candor)) == 5


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
