"""Reporting a week, from everywhere it can be reported."""

from datetime import UTC, date, datetime, timedelta

from storage import checkins
from storage.tables import CheckIn
from tests.candor import START, Candor

LAST_WEEK = date(2026, 11, 9)


def reported(candor: Candor, user_id: str = "U01", week: date = LAST_WEEK) -> CheckIn | None:
    with candor.sessions.begin() as session:
        return checkins.get(session, user_id, week)


def test_a_check_in_has_at_most_three_fields_and_one_optional_line(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.sandbox.user("U01").command("/candor", "checkin")
    inputs = [block for block in candor.top_modal("U01")["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in inputs] == ["saved", "rework", "helped", "note"]
    assert inputs[3]["optional"]


def test_the_form_says_who_sees_it_and_that_it_may_count_unless_the_person_has_left_the_summaries(
    candor: Candor,
) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", "checkin")
    counts = "it may count in your teams' rounded averages, and Home says in which."
    assert f"Only you see what you report; {counts}" in str(candor.top_modal("U01")["blocks"][1])
    user.close_modal()
    user.press("belonging.leave", view=candor.sandbox.workspace.home("U01"))
    user.close_modal()
    user.command("/candor", "checkin")
    (said,) = candor.top_modal("U01")["blocks"][1]["elements"]
    assert said["text"] == "Only you see what you report."


def test_it_can_be_opened_from_the_home_tab_and_from_a_typed_word(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    user = candor.sandbox.user("U01")
    user.press("checkin.open", view=candor.sandbox.workspace.home("U01"))
    assert candor.top_modal("U01")["title"]["text"] == "Check-in"
    user.close_modal()
    user.say("checkin")
    user.press("checkin.newest")
    assert candor.top_modal("U01")["title"]["text"] == "Check-in"


def test_a_check_in_is_stored_for_the_week_that_has_ended_and_can_be_corrected(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01", saved="2to4", note="first")
    candor.check_in("U01", saved="lt1", rework="1to2", helped=["writing", "other"], note="")
    held = reported(candor)
    assert held is not None
    assert (held.saved, held.rework, held.helped, held.note) == ("lt1", "1to2", ["writing", "other"], None)


def test_it_is_correctable_until_the_following_sunday_at_midnight_local_and_not_a_minute_longer(candor: Candor) -> None:
    candor.join("U01", tz="Pacific/Auckland")
    candor.opt_in("U01")
    midnight = datetime(2026, 11, 22, 11, tzinfo=UTC)  # Monday 23 November, 00:00 in Auckland (+13).
    user = candor.sandbox.user("U01")

    candor.clock.now = midnight - timedelta(minutes=1)
    user.command("/candor", "checkin")
    candor.clock.now = midnight
    result = user.fill_and_submit(values={"saved": "lt1", "rework": "0"})
    assert "can no longer" in result.errors["saved"]
    assert reported(candor) is None

    candor.clock.now = midnight - timedelta(minutes=1)
    assert user.fill_and_submit(values={"saved": "lt1", "rework": "0"}).ok
    assert reported(candor) is not None


def test_without_a_consent_nothing_can_be_reported(candor: Candor) -> None:
    candor.join("U01")
    candor.sandbox.user("U01").command("/candor", "checkin")
    assert "not opted in" in str(candor.top_modal("U01"))


def test_a_form_submitted_after_opting_out_stores_nothing(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", "checkin")
    form = candor.top_modal("U01")
    user.say("stop")
    user.press("held.erase_now")
    result = user.fill_and_submit(form, values={"saved": "lt1", "rework": "0"})
    assert "not opted in" in result.errors["saved"]
    assert reported(candor) is None


def test_an_answer_that_was_never_offered_is_refused(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", "checkin")
    user.fill_and_submit(values={"saved": "lt1", "rework": "0"})
    payload = candor.sandbox.last_payload("interactive")
    forged = str(payload).replace("'lt1'", "'forty'")
    candor.sandbox.send_raw(eval(forged), "interactive")  # The payload's own repr: plain dicts and strings.
    held = reported(candor)
    assert held is not None
    assert held.saved == "lt1"


def test_text_is_kept_and_shown_as_typed_and_pings_nobody(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    typed = "<!channel> &lt; 🎉 :tada: שלום *bold*"
    candor.check_in("U01", note=typed)
    held = reported(candor)
    assert held is not None
    assert held.note == typed

    candor.tick_at(START + timedelta(days=5))
    candor.check_in("U01", note=typed)
    for message in candor.dms("U01"):
        assert not message.pings
