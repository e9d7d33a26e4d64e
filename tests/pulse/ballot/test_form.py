"""The ballot's button and form: what people are told before they answer, and who is asked."""

from typing import Any

import pytest

from bot.pulse.opening import Trustee
from bot.pulse.questions import Question
from bot.pulse.trustee.keyfile import PUBLIC, fingerprint, keygen, next_public
from bot.sandbox.model import Message
from storage.people import RosterRow
from tests.candor import Candor, in_roster
from tests.pulse.ballot.acts import Json, everything, open_form, posted
from tests.pulse.world import QUESTIONS, begin, finish, keys_away


def before_the_questions(view: Json) -> str:
    """All that is said above the first question."""
    kinds = [block["type"] for block in view["blocks"]]
    return str(view["blocks"][: kinds.index("input")])


@pytest.fixture(autouse=True)
def somebody(candor: Candor) -> None:
    candor.join("U01")
    in_roster(candor.sessions, RosterRow("U01", "Europe/Madrid"))


def test_before_any_question_the_form_says_what_will_happen_to_the_answers(candor: Candor) -> None:
    said = before_the_questions(open_form(candor, begin(candor)))
    for words in (
        "nothing of fewer than 5 answers",
        "steps of 20, such as “40 to 60 of 100”",
        "if 10 or more people answer; undated and shuffled",
        "one sealed ballot without your name",
        "the keys destroyed",
        "deleted unopened",
        "*Sealed for:* this server",
        "Your ballot says that you do not manage a team.",
    ):
        assert words in said


def test_before_any_question_the_form_says_what_is_not_protected(candor: Candor) -> None:
    said = before_the_questions(open_form(candor, begin(candor)))
    for words in (
        "*What is not protected*",
        "Slack and the running program see your answers as you send them",
        "copies this server's keys together with the database before the pulse closes can open ballots",
        "somebody who knows how nearly all the others answered can work out the rest",
        "Your way of writing can give a comment away",
    ):
        assert words in said


def test_in_trustee_mode_the_form_shows_the_fingerprint_that_the_trustee_announced(candor: Candor) -> None:
    folder = candor.services.settings.keys / "trustee"
    announced = keygen(folder, 1)
    trustee: Trustee = next_public(folder / PUBLIC, [])
    said = before_the_questions(open_form(candor, begin(candor, trustee=trustee)))
    assert f"`{announced}`" in said
    assert announced == fingerprint(trustee.verifying)
    assert "this server cannot" in said
    assert "*Sealed for:* this server" not in said
    assert "can tell who has answered; with the trustee's key also what" in said
    assert "The key that opens them is the trustee's to destroy, not ours" in said
    assert "the keys destroyed" not in said


@pytest.mark.parametrize(
    ("tz", "words"), [("Europe/Madrid", "Wed 25 Nov, 13:00 your time"), ("Asia/Tokyo", "Wed 25 Nov, 21:00 your time")]
)
def test_until_when_it_can_be_changed_is_said_in_the_persons_own_time(candor: Candor, tz: str, words: str) -> None:
    in_roster(candor.sessions, RosterRow("U01", tz))
    assert f"until {words}" in before_the_questions(open_form(candor, begin(candor)))


def test_the_form_asks_the_waves_questions_in_order_and_requires_none(candor: Candor) -> None:
    view = open_form(candor, begin(candor))
    asked = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in asked] == [question.id for question in QUESTIONS]
    assert all(block["optional"] for block in asked)
    offered = {block["block_id"]: block["element"].get("options", []) for block in asked}
    assert [each["value"] for each in offered["gaming"]] == ["1", "2", "3", "4", "5", "0"]
    assert offered["gaming"][0]["text"]["text"] == "Strongly disagree"
    assert offered["clarity.1"][4]["text"]["text"] == "Completely"
    assert offered["gaming"][5]["text"]["text"] == "I don't know"


def test_a_question_of_hrs_own_is_labelled_and_others_show_their_source(candor: Candor) -> None:
    own = Question(id="own:1", kind="own", text="Is <@U01> the *canteen* fine?", source="Written for this pulse.")
    view = open_form(candor, begin(candor, (own, *QUESTIONS[1:])))
    block = next(block for block in view["blocks"] if block.get("block_id") == "own:1")
    assert block["label"] == {
        "type": "plain_text", "text": "HR's question: Is <@U01> the *canteen* fine?", "emoji": False,
    }  # fmt: skip
    assert block["hint"]["text"] == "Written for this pulse."


def test_opening_the_form_writes_nothing_also_for_somebody_unknown(candor: Candor) -> None:
    wave = begin(candor)
    candor.join("U02")
    before = everything(candor)
    for user in ("U01", "U02"):
        open_form(candor, wave, user)
        candor.sandbox.user(user).close_modal()
        candor.sandbox.user(user).command("/candor", "pulse")
        assert candor.top_modal(user)["callback_id"] == "ballot.submit"
    assert everything(candor) == before


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"is_restricted": True}, "Guest accounts are not asked"),
        ({"is_ultra_restricted": True}, "Guest accounts are not asked"),
        ({"is_stranger": True}, "People of connected companies are not asked"),
    ],
)
def test_somebody_who_is_no_member_is_told_why_there_is_no_form(
    candor: Candor, flags: dict[str, Any], words: str
) -> None:
    wave = begin(candor)
    candor.join("U09", **flags)
    assert words in str(open_form(candor, wave, "U09"))
    assert not any(block["type"] == "input" for block in candor.top_modal("U09")["blocks"])


def test_the_button_of_a_wave_that_is_over_says_so_and_where_the_results_are(candor: Candor) -> None:
    wave = begin(candor)
    message = posted(candor, wave)
    finish(candor, wave)
    assert over(candor, message) == ["pulse.results"]


def test_the_button_of_a_wave_whose_time_is_up_opens_no_form_although_it_has_not_been_closed(candor: Candor) -> None:
    wave = begin(candor)
    message = posted(candor, wave)
    candor.clock.now = wave.closes_at
    assert over(candor, message) == ["pulse.results"]


def test_the_button_of_an_older_wave_leads_to_the_one_that_is_open(candor: Candor) -> None:
    first = begin(candor)
    message = posted(candor, first)
    finish(candor, first)
    candor.clock.pass_by(days=14)
    second = begin(candor)
    assert over(candor, message) == ["ballot.open", "pulse.results"]
    candor.sandbox.user("U01").press("ballot.open", view=candor.top_modal("U01"))
    assert candor.top_modal("U01")["private_metadata"] == f"U01|{second.id}"


def test_a_forged_wave_in_the_button_looks_like_one_that_is_over(candor: Candor) -> None:
    message = posted(candor, begin(candor))
    candor.sandbox.user("U01").press("ballot.open", message=message, value=f"anyone|{'0' * 32}")
    assert "This pulse has closed" in str(candor.top_modal("U01"))


def over(candor: Candor, message: Message) -> list[str]:
    """Press the button in the message: the buttons of the modal that says the wave is over."""
    candor.sandbox.user("U01").press("ballot.open", message=message)
    view = candor.top_modal("U01")
    assert "This pulse has closed" in str(view)
    assert "Results go to everybody at the same moment" in str(view)
    return [element["action_id"] for block in view["blocks"] for element in block.get("elements", [])]


def test_the_word_in_the_dm_is_answered_with_the_button_of_the_open_wave(candor: Candor) -> None:
    wave = begin(candor)
    user = candor.sandbox.user("U01")
    user.say("Pulse")
    answer = candor.dms("U01")[-1]
    assert "open until Wed 25 Nov, 13:00 your time" in answer.text
    user.press("ballot.open", message=answer)
    assert candor.top_modal("U01")["private_metadata"] == f"U01|{wave.id}"


def test_while_none_is_open_the_word_leads_to_the_results(candor: Candor) -> None:
    user = candor.sandbox.user("U01")
    user.say("pulse")
    answer = candor.dms("U01")[-1]
    assert "No pulse is open at the moment" in answer.text
    assert answer.blocks[1]["elements"][0]["action_id"] == "pulse.results"
    user.command("/candor", "pulse")
    shown = candor.top_modal("U01")
    user.close_modal()
    user.press("pulse.results", message=answer)
    assert shown["callback_id"] != "ballot.submit"
    assert [block["type"] for block in shown["blocks"]] == [
        block["type"] for block in candor.top_modal("U01")["blocks"]
    ]
    assert shown["title"] == candor.top_modal("U01")["title"]


def test_the_word_leaves_no_person_behind(candor: Candor) -> None:
    begin(candor)
    candor.join("U02")
    candor.sandbox.user("U02").say("pulse")
    assert "anonymous pulse is open" in candor.dms("U02")[-1].text
    assert all("U02" not in row for rows in everything(candor).values() for row in rows)


def test_a_guest_who_types_the_word_is_told_that_guests_are_not_asked(candor: Candor) -> None:
    begin(candor)
    candor.join("U09", is_restricted=True)
    candor.sandbox.user("U09").say("pulse")
    assert "Guest accounts are not asked" in candor.dms("U09")[-1].text


def test_the_form_of_a_wave_with_the_longest_questions_is_within_slacks_limits(candor: Candor) -> None:
    long = [
        Question(id=f"own:{number}", kind="own", text="W" * 400, source="S" * 300, clause="C" * 200)
        for number in range(4)
    ]
    view = open_form(candor, begin(candor, (*long, QUESTIONS[-1])))
    assert len([block for block in view["blocks"] if block["type"] == "input"]) == 5


def test_without_the_keys_that_is_said_before_the_questions_and_no_form_opens(candor: Candor) -> None:
    wave, user = begin(candor), candor.sandbox.user("U01")
    with keys_away(candor):
        view = open_form(candor, wave)
        assert "Your answers cannot be sealed right now" in str(view["blocks"])
        assert view["submit"] is None and "input" not in [block["type"] for block in view["blocks"]]
        user.close_modal()
        user.command("/candor", "pulse")
        assert "Your answers cannot be sealed right now" in str(candor.top_modal("U01")["blocks"])
        user.close_modal()
        user.say("pulse")
        assert "Your answers cannot be sealed right now" in candor.dms("U01")[-1].text
        assert "ballot.open" not in str(candor.dms("U01")[-1].blocks)
    assert open_form(candor, wave)["submit"] is not None


def test_without_the_keys_the_button_in_a_modal_says_so_on_top_of_it(candor: Candor) -> None:
    first, user = begin(candor), candor.sandbox.user("U01")
    old = posted(candor, first)
    finish(candor, first)
    candor.clock.pass_by(days=14)
    begin(candor)
    user.press("ballot.open", message=old)
    with keys_away(candor):
        user.press("ballot.open", view=candor.top_modal("U01"))
    assert "Your answers cannot be sealed right now" in str(candor.top_modal("U01")["blocks"])
