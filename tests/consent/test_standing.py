"""Who may opt in, who no longer may, and that nobody is cut off from what is held of them."""

import copy

import pytest

from storage import consents, held
from tests.candor import Candor


def has_consent(candor: Candor, user_id: str) -> bool:
    with candor.sessions.begin() as session:
        return consents.get(session, user_id) is not None


def test_a_form_opened_to_change_a_consent_does_not_bring_back_one_that_was_withdrawn(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    user = candor.sandbox.user("U01")
    user.press("consent.open", view=candor.sandbox.workspace.home("U01"))
    form = candor.top_modal("U01")
    user.say("stop")
    user.press("held.erase_now")
    result = user.fill_and_submit(form, values={"tools": ["cursor"]})
    assert "not opted in" in str(result.errors)
    assert not has_consent(candor, "U01")


def test_changing_tools_says_saved_and_what_stays(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    user = candor.sandbox.user("U01")
    user.press("consent.open", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit(values={"tools": ["chatgpt"]})
    assert "Messages you already got keep what they showed" in str(candor.top_modal("U01"))


def test_without_any_tool_no_address_is_kept(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    user = candor.sandbox.user("U01")
    user.press("consent.open", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit(values={"tools": []})
    with candor.sessions.begin() as session:
        assert "identity" not in held.rows_of(session, "U01")


def test_people_of_another_company_cannot_opt_in(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").open_home()
    stranger = copy.deepcopy(candor.sandbox.last_payload("events_api"))
    candor.join("U02", is_stranger=True)
    stranger["event"]["user"], stranger["event_id"] = "U02", "EvStranger"
    candor.sandbox.send_raw(stranger, "events_api")
    assert "connected companies" in str(candor.sandbox.workspace.home("U02"))


@pytest.mark.parametrize("word", ["stop", "erase"])
def test_a_member_who_becomes_a_guest_can_still_see_and_delete_what_is_held(candor: Candor, word: str) -> None:
    candor.join("U01")
    candor.opt_in("U01", "cursor")
    candor.check_in("U01", note="mark-of-u01")
    candor.sandbox.workspace.update_user("U01", is_restricted=True)
    user = candor.sandbox.user("U01")
    user.open_home()
    home = str(candor.sandbox.workspace.home("U01"))
    assert "Guest accounts" in home
    assert "What was held when you were a member is still here" in home
    user.command("/candor", "held")
    assert "mark-of-u01" in str(candor.top_modal("U01"))
    user.close_modal()
    user.say(word)
    user.press("held.erase_now")
    assert not has_consent(candor, "U01")
    user.say("checkin")
    assert "Guest accounts" in candor.dms("U01")[-1].text


def test_the_address_of_an_account_that_was_switched_off_can_be_used_by_the_new_one(candor: Candor) -> None:
    candor.join("U01", email="ana@haldenlabs.example")
    candor.opt_in("U01", "cursor")
    candor.sandbox.workspace.update_user("U01", deleted=True)
    candor.join("U02", email="ana@haldenlabs.example")
    candor.opt_in("U02", "cursor")
    assert has_consent(candor, "U02")


def test_a_deactivated_persons_button_does_nothing(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", "checkin")
    user.fill_and_submit(values={"saved": "lt1", "rework": "0"})
    payload = candor.sandbox.last_payload("interactive")
    payload["view"]["state"]["values"]["saved"]["saved"]["selected_option"]["value"] = "gt4"
    candor.sandbox.workspace.update_user("U01", deleted=True)
    candor.sandbox.send_raw(payload, "interactive")
    with candor.sessions.begin() as session:
        assert held.rows_of(session, "U01")["check_in"][0]["saved"] == "lt1"


def test_somebody_who_has_not_opted_in_gets_no_files_and_nothing_is_kept_of_asking(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").say("export")
    assert "You have not opted in" in candor.dms("U01")[-1].text
    assert candor.sandbox.workspace.files == {}
    with candor.sessions.begin() as session:
        assert set(held.rows_of(session, "U01")) == {"person"}
