"""The weekly run: who gets a message, when, and what it says."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from bot.digest.jobs import plan
from storage import preferences
from storage.deliveries import DIGEST
from storage.tables import Delivery
from tests.candor import Candor
from tests.rows import add_usage, whole_week

THIS_WEEK = date(2026, 11, 16)
MONDAY = date(2026, 11, 23)
NINE_IN_MADRID = datetime(2026, 11, 23, 8, tzinfo=UTC)


def ready(candor: Candor, user_id: str = "U01", *, private: bool = False, tz: str = "Europe/Madrid") -> None:
    candor.join(user_id, tz=tz)
    candor.opt_in(user_id, "claude-code", private=private)
    add_usage(candor.sessions, user_id, "claude-code", *whole_week(THIS_WEEK), sessions=2, tokens_out=1000)


def reasons(candor: Candor) -> dict[tuple[str, str | None], int]:
    with candor.sessions.begin() as session:
        found = session.exec(select(Delivery).where(Delivery.kind == DIGEST))
        return Counter((row.state, row.reason) for row in found)


def test_it_comes_from_nine_oclock_on_where_the_person_is_and_not_before(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(NINE_IN_MADRID - timedelta(minutes=1))
    assert candor.digests("U01") == []
    candor.tick_at(NINE_IN_MADRID)
    assert len(candor.digests("U01")) == 1


def test_ticking_again_all_week_sends_no_second_one(candor: Candor) -> None:
    ready(candor)
    for hours in range(0, 6 * 24, 6):
        candor.tick_at(NINE_IN_MADRID + timedelta(hours=hours))
    assert len(candor.digests("U01")) == 1


def test_next_week_brings_the_next_one(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(NINE_IN_MADRID)
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(MONDAY), sessions=1)
    candor.tick_at(NINE_IN_MADRID + timedelta(days=7))
    assert len(candor.digests("U01")) == 2


def test_usage_stands_beside_what_the_person_reported(candor: Candor) -> None:
    ready(candor)
    candor.clock.now = NINE_IN_MADRID - timedelta(hours=1)
    candor.check_in("U01", saved="2to4", rework="lt1", helped=["coding"])
    candor.tick_at(NINE_IN_MADRID)
    (message,) = candor.digests("U01")
    blocks = str(message.blocks)
    for words in ("14 sessions", "7,000 tokens out", "Saved: *2–4 h*", "Lost to rework: *up to 1 h*"):
        assert words in blocks
    assert "Net: *between 1 and 4 h*" in blocks
    assert "data up to Sun 22 Nov, may still change" in blocks


def test_the_text_alone_says_all_that_matters(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(NINE_IN_MADRID)
    (message,) = candor.digests("U01")
    assert message.text.startswith(
        "Your week, 16–22 Nov. Claude Code, data up to Sun 22 Nov, may still change: Command line: 14 sessions"
    )
    assert "You have not reported this week." in message.text


def test_what_a_tool_does_not_report_is_not_shown_as_zero_and_a_reported_zero_is_shown(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")
    add_usage(candor.sessions, "U01", "claude-code", THIS_WEEK, sessions=0, tokens_out=5)
    candor.tick_at(NINE_IN_MADRID)
    text = candor.digests("U01")[0].text
    assert "0 sessions" in text
    assert "accepted" not in text


def test_a_tool_that_has_sent_nothing_for_the_week_says_so(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code", "cursor")
    add_usage(candor.sessions, "U01", "claude-code", THIS_WEEK, sessions=1)
    candor.tick_at(NINE_IN_MADRID)
    assert "No data for this week has reached us yet. That is not the same as zero." in candor.digests("U01")[0].text


def test_two_charts_and_never_tokens_and_hours_on_one_axis(candor: Candor) -> None:
    ready(candor)
    candor.check_in("U01")
    candor.tick_at(NINE_IN_MADRID)
    charts = [block for block in candor.digests("U01")[0].blocks if block["type"] == "data_visualization"]
    assert [chart["chart"]["axis_config"]["y_label"] for chart in charts] == ["days", "hours"]
    assert [chart["title"] for chart in charts] == [
        "Days with use reported, last 8 weeks",
        "Hours you reported, last 8 weeks",
    ]


def test_a_chart_shows_only_weeks_with_data_and_no_more_than_eight(candor: Candor) -> None:
    ready(candor)
    for weeks_ago in (1, 3, 7, 8, 9):
        add_usage(candor.sessions, "U01", "claude-code", THIS_WEEK - timedelta(weeks=weeks_ago), sessions=1)
    candor.tick_at(NINE_IN_MADRID)
    chart = next(block for block in candor.digests("U01")[0].blocks if block["type"] == "data_visualization")
    assert chart["chart"]["axis_config"]["categories"] == ["28 Sep", "26 Oct", "9 Nov", "16 Nov"]
    assert [point["value"] for point in chart["chart"]["series"][0]["data"]] == [1, 1, 1, 7]


def test_with_figures_kept_out_of_dms_the_message_holds_only_a_button(candor: Candor) -> None:
    ready(candor, private=True)
    candor.tick_at(NINE_IN_MADRID)
    (message,) = candor.digests("U01")
    assert "14" not in message.text
    assert "sessions" not in str(message.blocks)
    candor.sandbox.user("U01").press("digest.open", message=message)
    shown = str(candor.top_modal("U01"))
    assert "14 sessions" in shown
    assert "data_visualization" not in shown
    assert "16–22 Nov 7 days" in shown


def test_reporting_from_the_message_updates_the_same_message_in_place(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(NINE_IN_MADRID)
    user = candor.sandbox.user("U01")
    user.press("checkin.open", message=candor.digests("U01")[0])
    user.fill_and_submit(values={"saved": "gt4", "rework": "1to2"})
    (message,) = candor.digests("U01")
    assert message.edited
    assert "Saved: more than 4 h" in message.text


def test_nothing_is_sent_when_no_tool_reported_and_the_last_check_in_is_four_weeks_old(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")
    candor.tick_at(NINE_IN_MADRID)
    assert candor.digests("U01") == []
    assert reasons(candor) == {("dropped", "nothing to report"): 1}


def test_a_check_in_within_four_weeks_is_enough(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")
    candor.check_in("U01")
    candor.tick_at(NINE_IN_MADRID)
    assert len(candor.digests("U01")) == 1
    for weeks in (1, 2, 3):
        candor.tick_at(NINE_IN_MADRID + timedelta(weeks=weeks))
    assert len(candor.digests("U01")) == 3


def test_a_skipped_week_and_a_pause_are_dropped_with_their_reason(candor: Candor) -> None:
    ready(candor)
    candor.sandbox.user("U01").press("digest.skip", view=candor.sandbox.workspace.home("U01"))
    candor.tick_at(NINE_IN_MADRID)
    assert reasons(candor) == {("dropped", "skipped"): 1}
    candor.sandbox.user("U01").say("pause")
    candor.tick_at(NINE_IN_MADRID + timedelta(weeks=1))
    assert reasons(candor)[("dropped", "paused")] == 1
    assert candor.digests("U01") == []


def test_any_day_and_hour_can_be_chosen_and_the_screen_says_between_when(candor: Candor) -> None:
    ready(candor)
    user = candor.sandbox.user("U01")
    user.press("digest.settings", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit(values={"weekday": "3", "hour": "15", "figures": "dm", "paused": "no"})
    assert "Thursdays between 15:00 and 18:00, your time" in str(candor.sandbox.workspace.home("U01"))

    thursday = datetime(2026, 11, 19, 14, tzinfo=UTC)
    candor.tick_at(thursday - timedelta(minutes=1))
    assert candor.digests("U01") == []
    candor.check_in("U01")
    candor.tick_at(thursday)
    (message,) = candor.digests("U01")
    assert "9–15 Nov" in message.text


def test_each_zone_gets_it_at_its_own_nine_oclock(candor: Candor) -> None:
    zones = {"U01": "Pacific/Auckland", "U02": "Asia/Kolkata", "U03": "Europe/Madrid", "U04": "America/Denver"}
    for user_id, tz in zones.items():
        ready(candor, user_id, tz=tz)
    arrived: dict[str, datetime] = {}
    for half_hours in range(64):
        moment = datetime(2026, 11, 22, 12, tzinfo=UTC) + half_hours * timedelta(minutes=30)
        candor.tick_at(moment)
        for user_id in zones:
            if candor.digests(user_id):
                arrived.setdefault(user_id, moment)
    assert arrived == {
        "U01": datetime(2026, 11, 22, 20, tzinfo=UTC),
        "U02": datetime(2026, 11, 23, 3, 30, tzinfo=UTC),
        "U03": datetime(2026, 11, 23, 8, tzinfo=UTC),
        "U04": datetime(2026, 11, 23, 16, tzinfo=UTC),
    }


def test_a_move_between_zones_does_not_bring_a_second_message_that_week(candor: Candor) -> None:
    ready(candor, tz="Pacific/Auckland")
    candor.tick_at(datetime(2026, 11, 22, 20, tzinfo=UTC))
    assert len(candor.digests("U01")) == 1
    candor.sandbox.workspace.update_user("U01", tz="America/Denver")
    for hours in range(0, 6 * 24, 3):
        candor.tick_at(datetime(2026, 11, 22, 21, tzinfo=UTC) + timedelta(hours=hours))
    assert len(candor.digests("U01")) == 1


def test_a_message_held_back_by_an_outage_waits_for_a_decent_hour(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(NINE_IN_MADRID + timedelta(hours=14))  # 23:00 in Madrid.
    assert candor.digests("U01") == []
    candor.tick_at(NINE_IN_MADRID + timedelta(hours=24))
    assert len(candor.digests("U01")) == 1


def test_a_week_that_was_missed_altogether_is_not_made_up(candor: Candor) -> None:
    ready(candor)
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(MONDAY), sessions=1)
    candor.tick_at(NINE_IN_MADRID + timedelta(days=8))
    (message,) = candor.digests("U01")
    assert "23–29 Nov" in message.text


def test_somebody_deactivated_between_planning_and_sending_gets_nothing(candor: Candor) -> None:
    ready(candor)
    candor.clock.now = NINE_IN_MADRID
    plan(candor.sessions, candor.services.workspace_id, candor.clock())
    candor.sandbox.workspace.update_user("U01", deleted=True)
    candor.tick()
    assert reasons(candor) == {("dropped", "deactivated"): 1}


def test_after_the_app_is_uninstalled_nothing_is_sent(candor: Candor) -> None:
    ready(candor)
    candor.sandbox.workspace.uninstall_app()
    calls = len(candor.sandbox.workspace.calls)
    candor.tick_at(NINE_IN_MADRID)
    posted = [call for call in candor.sandbox.workspace.calls[calls:] if call.method == "chat.postMessage"]
    assert posted == []


def test_the_digest_compares_with_nobody_and_praises_nothing(candor: Candor) -> None:
    ready(candor)
    candor.check_in("U01")
    candor.tick_at(NINE_IN_MADRID)
    said = (candor.digests("U01")[0].text + str(candor.digests("U01")[0].blocks)).lower()
    praise = ("streak", "goal", "target", "great", "well done", "keep it up", "top ")
    for word in ("average", "your team", "colleague", "rank", *praise):
        assert word not in said


def test_opting_in_never_brings_a_message_before_the_first_chosen_time(candor: Candor) -> None:
    ready(candor)
    with candor.sessions.begin() as session:
        preference = preferences.get(session, "U01")
    assert preference is not None
    assert preference.next_due == NINE_IN_MADRID
    candor.tick()
    assert candor.digests("U01") == []
