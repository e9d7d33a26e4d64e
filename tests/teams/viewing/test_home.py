"""Summaries on the Home tab: closed until a button is pressed, open until the tab is opened again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.teams.blocks import summary_page
from bot.teams.calendar import cut_off
from bot.teams.summary import Summary, read
from bot.teams.words import HALF, NO_CATEGORY, NOT_SHOWN
from bot.weeks import WEEK
from storage import seasons
from storage.database import reading
from tests.candor import Candor, without_ids
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.viewing.stage import (
    BOSS,
    LEADER,
    MOBILE,
    OTHER_BOSS,
    PAYMENTS,
    home_of,
    looks,
    messages,
    release_of,
    shown_home,
    staged,
    told,
)
from tests.teams.world import change, report

PATH = "Engineering / Payments"
Cause = Callable[[Candor, date], None]


def table_of(candor: Candor, user: str) -> list[list[str]]:
    """The table of the opened summary, without its heading."""
    blocks = (candor.sandbox.workspace.home(user) or {})["blocks"]
    rows = next(block for block in blocks if block["type"] == "table")["rows"]
    return [[cell["text"] for cell in row] for row in rows[1:]]


def buttons(candor: Candor, user: str) -> list[dict[str, Any]]:
    """The buttons beside what Home says."""
    blocks = (candor.sandbox.workspace.home(user) or {})["blocks"]
    return [block["accessory"] for block in blocks if block.get("accessory", {}).get("type") == "button"]


def test_home_has_a_button_and_no_figure(candor: Candor) -> None:
    staged(candor)
    shown = home_of(candor, BOSS)
    assert "Your team's summary" in shown and "summary.home" in shown
    assert "1.5 h" not in shown and not looks(candor.sessions)


def test_pressing_it_writes_the_ledger_and_shows_the_table(candor: Candor) -> None:
    staged(candor)
    home_of(candor, BOSS)
    candor.sandbox.user(BOSS).press("summary.home")
    assert looks(candor.sessions)[0][:3] == (BOSS, "opened", "Engineering / Payments")
    assert table_of(candor, BOSS) == [
        ["28 Sep – 4 Oct", "1.5 h", "less than 1 h", "between 0.5 and 1.5 h", "80 % or more", NO_CATEGORY, HALF]
    ]


def test_the_next_time_home_is_opened_it_is_closed_again(candor: Candor) -> None:
    staged(candor)
    home_of(candor, BOSS)
    candor.sandbox.user(BOSS).press("summary.home")
    assert "1.5 h" in shown_home(candor, BOSS)
    assert "1.5 h" not in home_of(candor, BOSS)


def test_the_button_back_closes_it(candor: Candor) -> None:
    staged(candor)
    home_of(candor, BOSS)
    candor.sandbox.user(BOSS).press("summary.home")
    candor.sandbox.user(BOSS).press("summary.close")
    shown = shown_home(candor, BOSS)
    assert "1.5 h" not in shown and "summary.home" in shown and len(looks(candor.sessions)) == 1


def test_a_week_that_is_not_shown_is_a_row_that_says_so_for_every_cause(candor: Candor) -> None:
    week = staged(candor)
    release_of(candor, week + WEEK, PAYMENTS[:3])
    home_of(candor, BOSS)
    candor.sandbox.user(BOSS).press("summary.home")
    assert table_of(candor, BOSS)[1] == ["5–11 Oct", *["not shown"] * 6]
    assert NOT_SHOWN in shown_home(candor, BOSS)


def few_report(candor: Candor, week: date) -> None:
    report(candor.sessions, week, [*PAYMENTS[:3], *MOBILE])


def two_withdraw(candor: Candor, week: date) -> None:
    report(candor.sessions, week, [*PAYMENTS[2:], *MOBILE])
    for person in PAYMENTS[:2]:
        candor.sandbox.user(person).say("stop")
        candor.sandbox.user(person).press("held.erase_now")


def one_withdraws_only_from_the_summaries(candor: Candor, week: date) -> None:
    report(candor.sessions, week, PAYMENTS + MOBILE)
    with candor.sessions.begin() as session:
        seasons.leave(session, PAYMENTS[0])


CAUSES = (few_report, two_withdraw, one_withdraws_only_from_the_summaries)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: str(cause.__name__))
def test_whatever_the_cause_a_manager_receives_exactly_the_same(candor: Candor, cause: Cause) -> None:
    week = staged(candor)
    before = home_blocks(candor)
    cause(candor, week + WEEK)
    told(candor, week)
    sent = len(messages(candor, BOSS))
    candor.tick_at(cut_off(week + WEEK))
    told(candor, week + WEEK)
    assert len(messages(candor, BOSS)) == sent and home_blocks(candor) == before
    candor.sandbox.user(BOSS).press("summary.home")
    blocks = without_ids((candor.sandbox.workspace.home(BOSS) or {})["blocks"])
    with reading(candor.sessions) as session:
        shown = read(session, 1, looks(candor.sessions)[0][3][0])
    assert shown is not None and shown.weeks[1] == (week + WEEK, None)
    expected = summary_page(Summary(1, shown.team, PATH, week, (shown.weeks[0], (week + WEEK, None))))
    assert blocks[: len(expected)] == expected


def home_blocks(candor: Candor) -> list[dict[str, Any]]:
    candor.sandbox.user(BOSS).open_home()
    return without_ids((candor.sandbox.workspace.home(BOSS) or {})["blocks"])


def test_somebody_who_manages_nobody_has_no_section(candor: Candor) -> None:
    staged(candor)
    assert "Your team's summary" not in home_of(candor, PAYMENTS[0])


def test_a_new_manager_is_told_from_when_on_there_is_a_summary(candor: Candor) -> None:
    staged(candor)
    change(candor.sessions, OTHER_BOSS, team="Engineering / Payments")
    shown = home_of(candor, OTHER_BOSS)
    assert "no summary for you to open now" in shown and "summary.home" not in shown


@pytest.mark.parametrize(("viewers", "boss", "leader"), [(["leaders"], False, True), (["managers"], True, False)])
def test_a_stricter_policy_takes_the_button_away_at_once(
    candor: Candor, viewers: list[str], boss: bool, leader: bool
) -> None:
    staged(candor)
    for user in (BOSS, LEADER):
        home_of(candor, user)
    publish_next(candor.sessions, candor.clock(), **AS_SHIPPED, who_sees={"team_summaries": viewers})
    for user, allowed in ((BOSS, boss), (LEADER, leader)):
        candor.sandbox.user(user).press("summary.home")
        assert ("1.5 h" in shown_home(candor, user)) is allowed
        assert ("summary.home" in home_of(candor, user)) is allowed
    assert len(looks(candor.sessions)) == 1


def test_a_manager_stops_the_weekly_message_and_has_it_sent_again(candor: Candor) -> None:
    week = staged(candor)
    home_of(candor, BOSS)
    (button,) = [each for each in buttons(candor, BOSS) if each["action_id"] == "summary.stop_messages"]
    assert button["text"]["text"] == "Stop telling me about the summary" and "confirm" in button
    candor.sandbox.user(BOSS).press("summary.stop_messages")
    assert "no more messages" in str(candor.top_modal(BOSS))
    told(candor, week)
    assert not messages(candor, BOSS) and messages(candor, OTHER_BOSS)
    candor.sandbox.user(BOSS).close_modal()
    assert "not told when there is one" in home_of(candor, BOSS)
    (button,) = [each for each in buttons(candor, BOSS) if each["action_id"] == "summary.send_again"]
    assert button["text"]["text"] == "Tell me about the summary again" and "confirm" in button
    candor.sandbox.user(BOSS).press("summary.send_again")
    candor.sandbox.user(BOSS).close_modal()
    release_of(candor, week + WEEK)
    told(candor, week + WEEK)
    assert len(messages(candor, BOSS)) == 1


@pytest.mark.parametrize("values", [{"is_manager": False}, {"team": "Engineering / Mobile"}])
def test_a_button_of_before_opens_nothing_for_whoever_has_moved(candor: Candor, values: dict[str, Any]) -> None:
    staged(candor)
    home_of(candor, BOSS)
    change(candor.sessions, BOSS, **values)
    candor.sandbox.user(BOSS).press("summary.home")
    assert "not yours to open" in str(candor.top_modal(BOSS))
    assert "1.5 h" not in shown_home(candor, BOSS) and not looks(candor.sessions)


def test_what_a_manager_sees_is_what_was_released_however_people_change_it_later(candor: Candor) -> None:
    week = staged(candor)
    home_of(candor, BOSS)
    candor.sandbox.user(BOSS).press("summary.home")
    before = table_of(candor, BOSS)
    for person in PAYMENTS[:4]:
        change(candor.sessions, person, active=False)
    candor.tick_at(cut_off(week) + timedelta(days=3))
    candor.sandbox.user(BOSS).press("summary.close")
    candor.sandbox.user(BOSS).press("summary.home")
    assert table_of(candor, BOSS) == before
