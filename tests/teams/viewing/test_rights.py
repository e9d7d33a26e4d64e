"""Whose a summary is to open, in organisations of every shape."""

from datetime import timedelta

import pytest

from bot.teams.rights import allowed, own_right, policy_viewers
from bot.teams.words import NOT_SHOWN
from bot.weeks import WEEK
from storage.database import reading
from tests.candor import HR, PUBLISHED, Candor
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
from tests.teams.world import first_week, report, staff


def test_a_right_needs_both_the_season_and_the_policy() -> None:
    assert allowed("hr", ["hr"], ["hr", "managers"])
    assert not allowed("hr", ["managers"], ["hr"]) and not allowed("hr", ["hr"], ["managers"])


@pytest.mark.parametrize(
    ("person", "role", "path"),
    [
        (BOSS, "managers", "Engineering / Payments"),
        (OTHER_BOSS, "managers", "Engineering / Mobile"),
        (LEADER, "leaders", "Engineering"),
    ],
)
def test_whoever_manages_a_team_has_the_right_to_that_one(candor: Candor, person: str, role: str, path: str) -> None:
    week = staged(candor)
    with reading(candor.sessions) as session:
        right = own_right(session, person, policy_viewers(session, candor.clock()))
    assert right and (right.role, right.path, right.since, right.counts_in_it) == (role, path, week, False)


@pytest.mark.parametrize("person", [HR, PAYMENTS[0], "UNOBODY"])
def test_nobody_else_has_one(candor: Candor, person: str) -> None:
    staged(candor)
    with reading(candor.sessions) as session:
        assert own_right(session, person, policy_viewers(session, candor.clock())) is None


def test_a_looser_policy_does_not_reach_the_season_that_is_under_way(candor: Candor) -> None:
    strict = {**AS_SHIPPED, "who_sees": {"team_summaries": ["managers"]}}
    publish_next(candor.sessions, PUBLISHED + timedelta(days=1), **strict)
    week = staged(candor)
    publish_next(candor.sessions, candor.clock(), body="# Who sees\n\nMore.\n", effective=str(week + 5 * WEEK))
    candor.clock.pass_by(weeks=5)
    with reading(candor.sessions) as session:
        assert own_right(session, LEADER, policy_viewers(session, candor.clock())) is None
        assert own_right(session, BOSS, policy_viewers(session, candor.clock())) is not None


def test_in_a_company_of_one_level_hr_sees_the_whole_and_managers_their_own(candor: Candor) -> None:
    for person in (BOSS, *PAYMENTS):
        candor.join(person, tz="UTC")
    staff(candor.sessions, {"Payments": [*PAYMENTS, BOSS], "Mobile": MOBILE}, managers=[BOSS])
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, PAYMENTS + MOBILE)
    release_of(candor, week)
    home_of(candor, HR)
    candor.sandbox.user(HR).press("summary.choose")
    element = candor.top_modal(HR)["blocks"][-1]["element"]
    assert [each["text"]["text"] for each in element["options"]] == ["The whole company"]
    with reading(candor.sessions) as session:
        right = own_right(session, BOSS, policy_viewers(session, candor.clock()))
    assert right and (right.role, right.path) == ("managers", "Payments")


def test_somebody_who_manages_nobody_else_opens_the_one_sentence_and_gets_no_message(candor: Candor) -> None:
    alone = "U0ALONE"
    candor.join(alone, tz="UTC")
    staff(candor.sessions, {"Payments": PAYMENTS, "Strategy": [alone]}, managers=[alone])
    week = first_week(candor.sessions)
    report(candor.sessions, week - WEEK, PAYMENTS)
    release_of(candor, week, PAYMENTS)
    told(candor, week)
    assert not messages(candor, alone)
    home_of(candor, alone)
    candor.sandbox.user(alone).press("summary.home")
    assert NOT_SHOWN in shown_home(candor, alone)
    assert [look[:3] for look in looks(candor.sessions)] == [(alone, "opened", "Strategy")]


def test_before_a_season_nobody_has_anything_to_open(candor: Candor) -> None:
    candor.join(BOSS, tz="UTC")
    staff(candor.sessions, {"Payments": [BOSS, *PAYMENTS]}, managers=[BOSS])
    assert "no summary for you to open now" in home_of(candor, BOSS)
