"""A submitted form becomes one sealed ballot, or is refused in words; nothing else is left of it."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from bot.pulse.envelope import Ballot
from bot.pulse.questions import LONGEST_COMMENT
from storage.tables import Person
from tests.candor import Candor
from tests.pulse.ballot.acts import (
    WIDE,
    changed,
    dispatched,
    error_of,
    everything,
    kept,
    open_form,
    send,
    submission,
)
from tests.pulse.world import COMMENT, GAMING, begin, finish, keys_of


@pytest.fixture(autouse=True)
def somebody(candor: Candor) -> None:
    """U01 is in the roster."""
    candor.join("U01")
    candor.sandbox.user("U01").open_home()


def test_what_was_answered_is_in_the_one_sealed_ballot(candor: Candor) -> None:
    wave = begin(candor)
    result = send(candor, wave, **{"belief:never": "4", "clarity.1": "0", "comment": "Nobody told us."})
    assert result.ok
    answers = {"belief:never": "4", "clarity.1": "0"}
    assert kept(candor, wave) == [Ballot(answers=answers, leader=False, comment="Nobody told us.")]
    assert "sealed and stored" in str(candor.top_modal("U01"))


def test_sending_leaves_one_row_more_in_the_ballot_table_and_nothing_else(candor: Candor) -> None:
    wave = begin(candor)
    open_form(candor, wave)
    before = everything(candor)
    assert candor.sandbox.user("U01").fill_and_submit(values={"gaming": "1"}).ok
    after = everything(candor)
    assert len(after.pop("ballot")) == len(before.pop("ballot")) + 1
    assert after == before


def test_sending_makes_no_call_of_slack_for_somebody_in_the_roster(candor: Candor) -> None:
    wave = begin(candor)
    open_form(candor, wave)
    before = len(candor.sandbox.workspace.calls)
    assert candor.sandbox.user("U01").fill_and_submit(values={"gaming": "1"}).ok
    assert len(candor.sandbox.workspace.calls) == before


def test_somebody_the_roster_does_not_know_can_answer_and_gets_no_row(candor: Candor) -> None:
    wave = begin(candor)
    candor.join("U02", tz="Asia/Tokyo")
    before = everything(candor)
    assert send(candor, wave, "U02", gaming="3").ok
    assert len(kept(candor, wave)) == 1
    after = everything(candor)
    assert {name for name in after if after[name] != before[name]} == {"ballot"}


def test_the_ballot_says_whether_the_person_leads_people(candor: Candor) -> None:
    with candor.sessions.begin() as session:
        person = session.get(Person, "U01")
        assert person is not None
        person.is_manager = True
    wave = begin(candor)
    send(candor, wave, gaming="1")
    assert [ballot.leader for ballot in kept(candor, wave)] == [True]


def test_sending_again_replaces_what_was_sent(candor: Candor) -> None:
    wave = begin(candor)
    send(candor, wave, gaming="1", comment="First.")
    candor.sandbox.user("U01").close_modal()
    send(candor, wave, gaming="5")
    assert kept(candor, wave) == [Ballot(answers={"gaming": "5"}, leader=False)]


def test_the_same_form_sent_twice_at_once_is_one_ballot(candor: Candor) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    start, answers = threading.Barrier(4), []

    def act() -> None:
        start.wait()
        answers.append(dispatched(candor, body))

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer["response_action"] for answer in answers] == ["update"] * 4
    assert len(kept(candor, wave)) == 1


@pytest.mark.parametrize("values", [{}, {"comment": " \n\t "}, {"comment": "\u202e\x00"}])
def test_an_empty_ballot_is_refused_with_words(candor: Candor, values: dict[str, str]) -> None:
    wave = begin(candor)
    result = send(candor, wave, **values)
    assert list(result.errors.values()) == [
        "Nothing is filled in yet. Answer at least one question, or close the form: what you sent before, if you did, "
        "still counts."
    ]
    assert kept(candor, wave) == []


def test_only_i_dont_know_or_only_a_comment_is_a_ballot(candor: Candor) -> None:
    wave = begin(candor)
    assert send(candor, wave, gaming="0").ok
    candor.sandbox.user("U01").close_modal()
    assert send(candor, wave, comment="Only this.").ok
    assert kept(candor, wave) == [Ballot(answers={}, leader=False, comment="Only this.")]


@pytest.mark.parametrize(
    "values",
    [
        {"gaming": "6"},
        {"gaming": ""},
        {"gaming": "agree"},
        {"gaming": 5},
        {"gaming": ["5"]},
        {"action": "5"},
        {"comment": 7},
    ],
)
def test_an_answer_that_the_wave_does_not_offer_is_refused(candor: Candor, values: dict[str, object]) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    assert "not one of those offered" in error_of(dispatched(candor, changed(body, values)))
    assert kept(candor, wave) == []
    assert dispatched(candor, body)["response_action"] == "update"


def test_a_comment_to_a_wave_that_asks_for_none_is_refused(candor: Candor) -> None:
    wave = begin(candor, (GAMING,))
    open_form(candor, wave)
    assert candor.sandbox.user("U01").fill_and_submit(values={"gaming": "1"}).ok
    body = candor.sandbox.last_payload("interactive")
    assert "not one of those offered" in error_of(dispatched(candor, changed(body, {"comment": "I was not asked."})))
    assert [ballot.comment for ballot in kept(candor, wave)] == [None]


@pytest.mark.parametrize("letter", ["x", "é", "鳥", WIDE])
def test_a_comment_at_its_limit_is_kept_whole_whatever_its_bytes(candor: Candor, letter: str) -> None:
    wave = begin(candor)
    full = letter * LONGEST_COMMENT
    assert send(candor, wave, comment=full, **{"belief:never": "1", "clarity.1": "2", "gaming": "3"}).ok
    assert [ballot.comment for ballot in kept(candor, wave)] == [full]


@pytest.mark.parametrize("letter", ["x", WIDE])
def test_a_comment_over_its_limit_is_refused_with_its_length(candor: Candor, letter: str) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    errors = dispatched(candor, changed(body, {"comment": letter * (LONGEST_COMMENT + 1)}))["errors"]
    assert list(errors) == ["comment"]
    assert "has 501 characters; 500 are possible" in errors["comment"]
    assert kept(candor, wave) == []
    assert send(candor, wave, comment=letter * (LONGEST_COMMENT + 1)).errors == {
        "comment": "Must be at most 500 characters."
    }


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("one\r\ntwo\u2028three\x85four", "one\ntwo\nthree\nfour"),
        ("left \u202eright\u202c \u2066in\u2069", "left right in"),
        ("half \ud83e of one", "half  of one"),
        ("a\tb", "a b"),
        ("<!channel> <@U01> <https://x.example|y> &amp; *b*", "<!channel> <@U01> <https://x.example|y> &amp; *b*"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    ],
)
def test_a_comment_is_kept_as_typed_but_for_control_characters(candor: Candor, typed: str, stored: str) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    assert dispatched(candor, changed(body, {"comment": typed}))["response_action"] == "update"
    assert [ballot.comment for ballot in kept(candor, wave)] == [stored]


def test_a_form_sent_after_the_wave_has_closed_is_told_so_and_not_kept(candor: Candor) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    finish(candor, wave)
    before = everything(candor)
    answer = dispatched(candor, body)
    assert answer["response_action"] == "update"
    assert "This pulse has closed, so your answers were not kept" in str(answer["view"])
    assert everything(candor) == before


def test_a_clock_that_jumps_over_the_closing_time_takes_no_more_ballots(candor: Candor) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    candor.clock.now = wave.closes_at
    assert "has closed" in str(dispatched(candor, body))
    assert kept(candor, wave) == []
    candor.clock.now = wave.closes_at - timedelta(seconds=1)
    assert "sealed and stored" in str(dispatched(candor, body))
    candor.clock.now = wave.closes_at
    assert finish(candor, wave).state == "closed"
    candor.clock.now = wave.opened_at
    assert "has closed" in str(dispatched(candor, body))


def test_a_form_with_a_forged_wave_is_refused_as_one_that_is_over(candor: Candor) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    body["view"]["private_metadata"] = f"U01|{'0' * 32}"
    assert "has closed" in str(dispatched(candor, body))
    assert kept(candor, wave) == []


def test_a_form_of_somebody_else_is_refused(candor: Candor) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    candor.join("U02")
    body["user"]["id"] = "U02"
    assert "belongs to somebody else" in error_of(dispatched(candor, body))
    assert kept(candor, wave) == []


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"is_restricted": True}, "Guest accounts are not asked"),
        ({"is_bot": True}, "Apps and bots are not asked"),
        ({"deleted": True}, "switched off in Slack"),
        ({"is_stranger": True}, "People of connected companies are not asked"),
    ],
)
def test_a_form_of_somebody_who_is_no_member_is_refused(candor: Candor, flags: dict[str, Any], words: str) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    candor.join("U09", **flags)
    body["user"]["id"], body["view"]["private_metadata"] = "U09", f"U09|{wave.id}"
    assert words in error_of(dispatched(candor, body))
    assert kept(candor, wave) == []


def test_a_form_of_an_account_that_slack_does_not_know_is_not_kept(candor: Candor) -> None:
    wave = begin(candor)
    body = submission(candor, wave)
    body["user"]["id"], body["view"]["private_metadata"] = "UNOBODY", f"UNOBODY|{wave.id}"
    assert "Something went wrong on our side" in error_of(dispatched(candor, body))
    assert kept(candor, wave) == []


def test_without_the_key_directory_nothing_is_kept_and_the_form_stays_filled_in(candor: Candor) -> None:
    wave = begin(candor)
    open_form(candor, wave)
    keys, away = keys_of(candor).path, keys_of(candor).path.with_name("away")
    keys.rename(away)
    before = everything(candor)
    try:
        result = candor.sandbox.user("U01").fill_and_submit(values={"gaming": "4", "comment": "Still here."})
    finally:
        away.rename(keys)
    (words,) = result.errors.values()
    assert "cannot be sealed right now" in words
    assert str(keys) not in words
    assert everything(candor) == before
    assert candor.sandbox.user("U01").fill_and_submit().ok
    assert [ballot.comment for ballot in kept(candor, wave)] == ["Still here."]


def test_five_of_the_longest_questions_and_the_longest_comment_fit_into_a_ballot(candor: Candor) -> None:
    asked = [GAMING.model_copy(update={"id": f"belief:{number:012d}"}) for number in range(4)]
    wave = begin(candor, (*asked, COMMENT))
    values = {question.id: "5" for question in asked} | {"comment": WIDE * LONGEST_COMMENT}
    assert send(candor, wave, **values).ok
    assert len(kept(candor, wave)) == 1
