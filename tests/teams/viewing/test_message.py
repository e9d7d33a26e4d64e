"""The weekly message: that a summary is there, and what pressing its button does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.teams.calendar import cut_off
from bot.teams.viewing.looking import look
from bot.teams.words import NOT_SHOWN, PUBLISHED
from bot.weeks import WEEK
from storage.database import reading
from storage.tables import SentItem
from tests.candor import Candor
from tests.database import without_table
from tests.teams.viewing.stage import (
    BOSS,
    LEADER,
    OTHER_BOSS,
    PAYMENTS,
    look_of,
    looks,
    messages,
    opened,
    press_in,
    release_of,
    staged,
    told,
)
from tests.teams.world import change


def test_the_message_says_that_a_summary_is_there_and_no_figure(candor: Candor) -> None:
    week = staged(candor)
    assert not messages(candor, BOSS)
    told(candor, week)
    (message,) = messages(candor, BOSS)
    assert "The summary of Payments for the week of 28 Sep – 4 Oct is there" in message.text
    assert "not a measure of performance" in message.text and "ledger" in message.text
    assert PUBLISHED in message.text and "Stop telling me about the summary" in str(message.blocks)
    assert "Hours" not in str(message.blocks) and "1.5 h" not in str(message.blocks)
    assert not looks(candor.sessions)


def test_whoever_leads_managers_is_told_of_the_team_above(candor: Candor) -> None:
    week = staged(candor)
    told(candor, week)
    (message,) = messages(candor, LEADER)
    assert "The summary of Engineering for the week" in message.text


def test_pressing_the_button_turns_the_message_into_the_summary_with_its_chart(candor: Candor) -> None:
    week = staged(candor)
    message = opened(candor, week)
    kinds = [block["type"] for block in message.blocks]
    assert kinds.count("data_visualization") == 1 and len(messages(candor, BOSS)) == 1
    for said in (
        "Summary of Payments",
        "Hours saved, per person: *1.5 h*",
        "Hours lost to rework, per person: *less than 1 h*",
        "Any time saved: *for 80 % or more of those who count*",
    ):
        assert said in message.text
    assert "not a measure of performance" in message.text and "28 Sep – 20 Dec 2026" in message.text


def test_opening_is_one_entry_of_the_ledger_without_figures(candor: Candor) -> None:
    week = staged(candor)
    opened(candor, week)
    ((who, what, about, (team,)),) = looks(candor.sessions)
    assert (who, what, about) == (BOSS, "opened", "Engineering / Payments")
    with reading(candor.sessions) as session:
        row = session.connection().execute(text("SELECT path FROM season_team WHERE number = :team"), {"team": team})
        assert row.scalar_one() == about


def test_a_click_that_slack_delivers_again_is_one_entry(candor: Candor) -> None:
    week = staged(candor)
    opened(candor, week)
    assert candor.sandbox.send_raw(candor.sandbox.last_payload("interactive"), "interactive").ok
    assert len(looks(candor.sessions)) == 1


def test_a_click_that_two_replicas_handle_at_once_is_one_entry(candor: Candor) -> None:
    week = staged(candor)
    told(candor, week)
    wanted, into = look_of(BOSS, messages(candor, BOSS)[-1])
    with ThreadPoolExecutor(4) as threads:
        pressed = [threads.submit(look, candor.sessions, wanted, candor.clock(), into=into) for _ in range(4)]
    assert len({each.result() for each in pressed}) == 1
    assert len(looks(candor.sessions)) == 1
    with reading(candor.sessions) as session:
        assert len(session.exec(select(SentItem)).all()) == 1


def test_each_opening_is_an_entry_of_its_own(candor: Candor) -> None:
    week = staged(candor)
    opened(candor, week)
    release_of(candor, week + WEEK)
    opened(candor, week + WEEK)
    assert len(looks(candor.sessions)) == 2


def test_an_opened_message_is_remembered_so_that_it_can_be_deleted(candor: Candor) -> None:
    week = staged(candor)
    message = opened(candor, week)
    with reading(candor.sessions) as session:
        (kept,) = session.exec(select(SentItem)).all()
    assert (kept.person_id, kept.kind, kept.channel, kept.ref) == (BOSS, "team summary", message.channel, message.ts)
    candor.tick_at(cut_off(week) + timedelta(weeks=30))
    candor.tick()
    assert not messages(candor, BOSS)


def test_where_the_ledger_cannot_be_written_nothing_is_shown(candor: Candor) -> None:
    week = staged(candor)
    told(candor, week)
    with without_table(candor.sessions, "ledger_entry"):
        press_in(candor, BOSS, messages(candor, BOSS)[-1])
    assert "data_visualization" not in str(messages(candor, BOSS)[-1].blocks)
    assert "Something went wrong" in str(candor.top_modal(BOSS))
    assert not looks(candor.sessions)
    with reading(candor.sessions) as session:
        assert not session.exec(select(SentItem)).all()


def test_somebody_elses_button_opens_nothing(candor: Candor) -> None:
    week = staged(candor)
    told(candor, week)
    theirs = messages(candor, OTHER_BOSS)[-1]
    value = theirs.blocks[-1]["elements"][0]["value"]
    candor.sandbox.user(BOSS).press("summary.open", message=messages(candor, BOSS)[-1], value=value)
    assert "belongs to somebody else" in str(candor.top_modal(BOSS)) and not looks(candor.sessions)


@pytest.mark.parametrize("forged", ["1 0", "1 0 hr", "1 1", "1 999", "2 2", "0 2", "", "1 2 3", "1 -2", "x"])
def test_a_forged_target_opens_nothing(candor: Candor, forged: str) -> None:
    week = staged(candor)
    told(candor, week)
    mine = messages(candor, OTHER_BOSS)[-1]
    candor.sandbox.user(OTHER_BOSS).press("summary.open", message=mine, value=f"{OTHER_BOSS}|{forged}")
    modal = str(candor.top_modal(OTHER_BOSS))
    assert "not yours to open" in modal or "Only HR" in modal or "season that is over" in modal
    assert not looks(candor.sessions) and "data_visualization" not in str(messages(candor, OTHER_BOSS)[-1].blocks)


@pytest.mark.parametrize("values", [{"team": "Engineering / Mobile"}, {"is_manager": False}, {"active": False}])
def test_whoever_has_lost_the_team_opens_nothing_even_before_the_next_release(
    candor: Candor, values: dict[str, Any]
) -> None:
    week = staged(candor)
    told(candor, week)
    change(candor.sessions, BOSS, **values)
    press_in(candor, BOSS, messages(candor, BOSS)[-1])
    assert "not yours to open" in str(candor.top_modal(BOSS)) and not looks(candor.sessions)


def test_a_message_of_a_season_that_is_over_opens_nothing(candor: Candor) -> None:
    week = staged(candor)
    told(candor, week)
    stale = messages(candor, BOSS)[-1]
    next_season = week + 12 * WEEK
    release_of(candor, next_season - WEEK)
    release_of(candor, next_season)
    press_in(candor, BOSS, stale)
    assert "of a season that is over" in str(candor.top_modal(BOSS)) and not looks(candor.sessions)


def test_a_manager_sees_only_what_was_released_since_they_took_the_team_on(candor: Candor) -> None:
    week = staged(candor)
    change(candor.sessions, OTHER_BOSS, team="Engineering / Payments")
    change(candor.sessions, BOSS, is_manager=False)
    press_home = candor.sandbox.user(OTHER_BOSS)
    press_home.open_home()
    assert "Open the team summary" not in str(candor.sandbox.workspace.home(OTHER_BOSS))
    release_of(candor, week + WEEK)
    told(candor, week + WEEK)
    press_in(candor, OTHER_BOSS, messages(candor, OTHER_BOSS)[-1])
    shown = messages(candor, OTHER_BOSS)[-1]
    assert "The newest week published: 5–11 Oct" in shown.text
    chart = next(block for block in shown.blocks if block["type"] == "data_visualization")
    assert chart["chart"]["axis_config"]["categories"] == ["5 Oct"]


def test_whoever_took_office_while_they_count_is_shown_nothing_of_it_in_the_same_words(candor: Candor) -> None:
    week = staged(candor)
    change(candor.sessions, PAYMENTS[0], is_manager=True)
    change(candor.sessions, BOSS, is_manager=False)
    release_of(candor, week + WEEK)
    told(candor, week + WEEK)
    assert not messages(candor, PAYMENTS[0])
    user = candor.sandbox.user(PAYMENTS[0])
    user.open_home()
    user.press("summary.home")
    shown = str(candor.sandbox.workspace.home(PAYMENTS[0]))
    assert NOT_SHOWN in shown and "1.5 h" not in shown


def test_nothing_is_sent_where_nothing_is_shown(candor: Candor) -> None:
    week = staged(candor)
    release_of(candor, week + WEEK, [*PAYMENTS[:3]])
    told(candor, week + WEEK)
    assert not messages(candor, BOSS)
