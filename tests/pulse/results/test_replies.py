""" "You said, we did": written by HR about one promise, dated, for everybody; added, never changed."""

from typing import Any

from bot.pulse.results.views import LONGEST_REPLY
from bot.sandbox.writing import Result
from storage import replies
from storage.database import reading
from storage.tables import ClauseReply
from tests.candor import HR, Candor
from tests.pulse.results.acts import NEVER, pulse, results_text

OTHERS = {"5": 6, "1": 6}
DID = "We took AI use out of the <review> form. <!channel>"


def open_form(office: Candor, value: str | None = None) -> dict[str, Any]:
    """HR presses the button under the promise in all results; returns the form."""
    actor = office.sandbox.user(HR)
    while office.sandbox.workspace.modals(HR):
        actor.close_modal()
    actor.open_home()
    actor.press("pulse.results", view=office.sandbox.workspace.home(HR))
    actor.press("pulse.reply", value=value)
    return office.top_modal(HR)


def write(office: Candor, text: str) -> Result:
    open_form(office)
    return office.sandbox.user(HR).fill_and_submit(values={"reply": text})


def all_replies(office: Candor) -> list[ClauseReply]:
    with reading(office.sessions) as session:
        return list(replies.every(session))


def test_what_hr_writes_is_read_by_everybody_under_the_promise_dated_and_as_text(office: Candor) -> None:
    pulse(office, OTHERS)
    assert write(office, DID).ok
    text = results_text(office)
    title = "You said, we did: HR on 9 December 2026, after pulse 1"
    assert text.index(NEVER) < text.index(title) < text.index(DID)
    assert results_text(office, "U01").count(DID) == 1
    assert HR not in text


def test_replies_are_added_and_the_earlier_ones_stay(office: Candor) -> None:
    pulse(office, OTHERS)
    write(office, "First we asked around.")
    office.clock.pass_by(days=3)
    write(office, "Then we changed the form.")
    text = results_text(office)
    assert text.index("First we asked around.") < text.index("Then we changed the form.")
    assert "HR on 12 December 2026" in text


def test_the_form_says_before_publishing_who_reads_it_and_that_it_stays(office: Candor) -> None:
    pulse(office, OTHERS)
    form = str(open_form(office))
    assert "Everybody reads it, dated, as HR's. It stays as you publish it" in form
    assert "40 to 60 of 100 believe it is followed" in form


def test_a_form_sent_twice_publishes_once(office: Candor) -> None:
    pulse(office, OTHERS)
    write(office, DID)
    payload = office.sandbox.last_payload("interactive")
    assert payload["type"] == "view_submission"
    office.sandbox.send_raw(payload, "interactive")
    assert [each.text for each in all_replies(office)] == [DID]


def test_an_empty_or_too_long_reply_is_refused_in_the_form(office: Candor) -> None:
    pulse(office, OTHERS)
    assert "Write what was done" in write(office, "   ").errors["reply"]
    write(office, "x")
    payload = office.sandbox.last_payload("interactive")
    payload["view"] = payload["view"] | {"id": "V0OTHER", "state": _typed("y" * (LONGEST_REPLY + 1))}
    answer = office.sandbox.send_raw(payload, "interactive")
    assert f"At most {LONGEST_REPLY} characters." in str(answer)
    assert [each.text for each in all_replies(office)] == ["x"]


def _typed(text: str) -> dict[str, Any]:
    return {"values": {"reply": {"reply": {"type": "plain_text_input", "value": text}}}}


def test_a_reply_of_a_thousand_characters_is_shown_whole(office: Candor) -> None:
    pulse(office, OTHERS)
    text = "é" * (LONGEST_REPLY - 4) + " end"
    assert write(office, text).ok
    assert text in results_text(office)


def test_a_reply_is_cleaned_as_comments_are(office: Candor) -> None:
    pulse(office, OTHERS)
    assert "Write what was done" in write(office, "\u202e \x00").errors["reply"]
    assert write(office, "We \u202easked\x07 around.").ok
    assert [each.text for each in all_replies(office)] == ["We asked around."]


def test_only_hr_opens_the_form_whatever_somebody_forges(office: Candor) -> None:
    pulse(office, OTHERS)
    open_form(office)
    payload = office.sandbox.last_payload("interactive")
    payload["user"]["id"] = "U01"
    payload["actions"][0]["value"] = "U01|belief:never"
    office.sandbox.send_raw(payload, "interactive")
    titles = [modal["title"]["text"] for modal in office.sandbox.workspace.modals("U01")]
    assert "You said, we did" not in titles


def test_only_hr_publishes_whatever_somebody_forges(office: Candor) -> None:
    pulse(office, OTHERS)
    write(office, DID)
    payload = office.sandbox.last_payload("interactive")
    payload["user"]["id"] = "U01"
    payload["view"] = payload["view"] | {"id": "V0FORGED", "private_metadata": "U01|belief:never"}
    office.sandbox.send_raw(payload, "interactive")
    assert [each.text for each in all_replies(office)] == [DID]


def test_only_a_promise_that_was_asked_about_can_be_answered(office: Candor) -> None:
    pulse(office, OTHERS)
    assert "nothing to answer yet" in str(open_form(office, f"{HR}|belief:unknown"))


def test_others_have_no_button_to_write(office: Candor) -> None:
    pulse(office, OTHERS)
    user = office.sandbox.user("U01")
    user.open_home()
    user.press("pulse.results", view=office.sandbox.workspace.home("U01"))
    assert "pulse.reply" not in str(office.top_modal("U01"))
    assert "pulse.download" not in str(office.top_modal("U01"))
