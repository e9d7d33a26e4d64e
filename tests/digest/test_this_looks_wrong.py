"""“This looks wrong”: words to the contact without figures, or a correction of one's own."""

from datetime import date, timedelta

import pytest

from bot.sandbox.faults import Fault
from storage import consents, held
from tests.candor import CONTACT, START, Candor
from tests.rows import add_usage, whole_week

TYPED = [
    "These are not mine & never were",
    "<!channel> <@U0HR> &lt;b&gt; :tada: 🎉",
    "זה לא שלי",
    "x" * 1500,
]


def open_it(candor: Candor) -> None:
    candor.join("U01", email="one@haldenlabs.example")
    candor.opt_in("U01", "claude-code")
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(date(2026, 11, 16)), sessions=987)
    candor.tick_at(START + timedelta(days=5))
    candor.sandbox.user("U01").press("digest.wrong", message=candor.digests("U01")[0])


@pytest.mark.parametrize("typed", TYPED, ids=["plain", "markup", "right to left", "long"])
def test_the_contact_gets_the_words_as_typed_and_pinging_nobody_and_no_figures(candor: Candor, typed: str) -> None:
    open_it(candor)
    assert candor.sandbox.user("U01").fill_and_submit(values={"message": typed}).ok
    (message,) = candor.dms(CONTACT)
    assert message.blocks[1]["elements"][0]["elements"][0]["text"] == typed
    assert set(message.pings) <= {"@U01"}
    assert "987" not in str(message.blocks)
    assert "6,909" not in str(message.blocks)
    assert "Your figures were not" in str(candor.top_modal("U01"))


def test_without_a_contact_the_person_is_told_that_nothing_was_sent(candor: Candor) -> None:
    object.__setattr__(candor.services.settings, "contact", None)
    open_it(candor)
    result = candor.sandbox.user("U01").fill_and_submit(values={"message": "hello"})
    assert "was not sent" in result.errors["message"]


def test_when_slack_does_not_take_the_words_the_person_is_told_and_can_send_again(candor: Candor) -> None:
    object.__setattr__(candor.services.settings, "contact", "C0NOWHERE")
    open_it(candor)
    result = candor.sandbox.user("U01").fill_and_submit(values={"message": "hello"})
    assert "was not sent" in result.errors["message"]


def test_when_nobody_can_say_whether_slack_took_the_words_the_person_is_told_just_that(candor: Candor) -> None:
    open_it(candor)
    candor.sandbox.faults.add(Fault(method="chat.postMessage", kind="drop_after"))
    result = candor.sandbox.user("U01").fill_and_submit(values={"message": "hello"})
    assert "did not say whether it took it" in result.errors["message"]
    assert len(candor.dms(CONTACT)) == 1


def test_a_corrected_address_forgets_what_came_with_the_old_one(candor: Candor) -> None:
    open_it(candor)
    candor.sandbox.workspace.update_user("U01", email="other@haldenlabs.example")
    candor.sandbox.user("U01").press("digest.identity")
    assert "Usage that came with the old one is deleted" in str(candor.top_modal("U01"))
    with candor.sessions.begin() as session:
        found = consents.get(session, "U01")
        assert found is not None
        assert found.identities == {"email": "other@haldenlabs.example"}
        assert "usage_day" not in held.rows_of(session, "U01")


def test_the_same_address_changes_nothing(candor: Candor) -> None:
    open_it(candor)
    candor.sandbox.user("U01").press("digest.identity")
    assert "nothing was changed" in str(candor.top_modal("U01"))
    with candor.sessions.begin() as session:
        assert len(held.rows_of(session, "U01")["usage_day"]) == 7


def test_the_check_in_can_be_corrected_from_there(candor: Candor) -> None:
    open_it(candor)
    candor.sandbox.user("U01").press("checkin.newest")
    assert candor.top_modal("U01")["title"]["text"] == "Check-in"
