"""Words typed in the DM and after /candor: everything has a keyboard-only path."""

import pytest

from storage import preferences
from tests.candor import Candor

WORDS = {
    "checkin": "Check-in",
    "pulse": "Results of the pulse",
    "held": "What we hold",
    "settings": "Settings",
    "policy": "The policy",
    "stop": "Opt out",
    "erase": "Erase",
    "help": "Candor",
}


@pytest.mark.parametrize("word", WORDS)
def test_each_word_after_the_command_opens_its_form(candor: Candor, word: str) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.sandbox.user("U01").command("/candor", word.upper() + " ")
    assert candor.top_modal("U01")["title"]["text"] == WORDS[word]


@pytest.mark.parametrize("word", ["checkin", "held", "settings", "policy"])
def test_each_word_in_the_dm_is_answered_with_its_button(candor: Candor, word: str) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    user = candor.sandbox.user("U01")
    user.say(word)
    answer = candor.dms("U01")[-1]
    user.press(answer.blocks[0]["elements"][0]["action_id"], message=answer)
    assert candor.top_modal("U01")["title"]["text"] == WORDS[word]


def test_the_answer_stays_in_the_thread_of_the_question(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").say("help")
    assert candor.dms("U01")[-1].thread_ts is not None


def test_pause_and_resume_can_be_typed(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    for word, paused in (("pause", True), ("resume", False)):
        candor.sandbox.user("U01").say(word)
        with candor.sessions.begin() as session:
            preference = preferences.get(session, "U01")
        assert preference is not None
        assert preference.paused is paused


def test_whatever_is_no_word_is_a_question_that_is_answered_and_not_kept(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").say("who is the best on my team? <!channel>")
    answer = candor.dms("U01")[-1]
    assert "Candor does not keep your question" in answer.text
    assert "Candor does not keep your question" in str(answer.blocks)
    assert "best on my team" not in answer.text
    assert not answer.pings


def test_the_help_says_how_to_ask_and_that_it_is_not_kept(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").command("/candor")
    said = str(candor.top_modal("U01"))
    assert "A question about the policy" in said
    assert "Candor does not keep what you ask." in said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("stopp", "stop"), ("chekin", "checkin"), ("setings", "settings"), ("polcy", "policy"), ("check in", "checkin")],
)
def test_a_word_that_is_nearly_a_command_is_asked_about_and_does_nothing(
    candor: Candor, typed: str, meant: str
) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    user = candor.sandbox.user("U01")
    user.say(typed)
    assert f"Did you mean `{meant}`?" in candor.dms("U01")[-1].text
    assert f"Did you mean `{meant}`?" in str(candor.dms("U01")[-1].blocks)
    user.command("/candor", typed)
    assert f"Did you mean `{meant}`?" in str(candor.top_modal("U01"))
    with candor.sessions.begin() as session:
        assert preferences.get(session, "U01") is not None


@pytest.mark.parametrize("typed", ["stopping my data, what happens?", "erased", "Can I stop?", "how do I erase it"])
def test_only_the_very_word_deletes_and_a_question_about_it_is_a_question(candor: Candor, typed: str) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.sandbox.user("U01").say(typed)
    answer = candor.dms("U01")[-1]
    assert "To confirm" not in answer.text
    assert "held.erase_now" not in str(answer.blocks)


@pytest.mark.parametrize("word", ["pause", "settings", "checkin"])
def test_somebody_who_has_not_opted_in_is_told_so(candor: Candor, word: str) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").command("/candor", word)
    assert "You have not opted in" in str(candor.top_modal("U01"))


def test_four_thousand_characters_are_answered_without_a_crash(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").say("מה " * 1300)
    assert "longer than 2,000 characters" in candor.dms("U01")[-1].text


@pytest.mark.parametrize("typed", ["`stop`", "“Stop.”", "*stop*", "Opt out!", "leave", "unsubscribe"])
def test_whoever_wants_to_leave_need_not_find_the_right_word(candor: Candor, typed: str) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.sandbox.user("U01").say(typed)
    assert "To confirm, press the button “Delete it all”" in candor.dms("U01")[-1].text


@pytest.mark.parametrize("word", ["stop", "erase"])
def test_the_text_of_the_confirmation_says_what_is_to_be_confirmed(candor: Candor, word: str) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.sandbox.user("U01").say(word)
    text = candor.dms("U01")[-1].text
    for said in (
        "nothing is deleted yet",
        "This goes, at once:",
        "This stays:",
        "What we cannot reach:",
        "Do nothing to",
    ):
        assert said in text
    assert ("You can start again afterwards" in text) is (word == "erase")


def test_whoever_has_not_opted_in_is_told_alike_that_there_are_no_files(candor: Candor) -> None:
    candor.join("U01")
    user = candor.sandbox.user("U01")
    user.say("export")
    assert "there are no files to download" in candor.dms("U01")[-1].text
    user.command("/candor", "export")
    assert "there are no files to download" in str(candor.top_modal("U01"))
    user.close_modal()
    user.command("/candor", "held")
    shown = str(candor.top_modal("U01"))
    assert "there are no files to download" in shown
    assert "held.export" not in shown
    assert "Every row held about you: 1 row, page 1 of 1" in shown
    assert candor.sandbox.workspace.files == {}
