"""Who is told that a summary is there, when, and how often: once a week, whatever breaks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.operators.restoring import make_safe
from bot.sandbox.faults import Fault
from bot.teams.calendar import cut_off
from bot.teams.viewing import planning
from bot.weeks import WEEK
from storage.database import SessionFactory, reading
from storage.tables import Consent, Delivery, Job
from tests.candor import Candor
from tests.teams.viewing.stage import BOSS, LEADER, OTHER_BOSS, PAYMENTS, messages, release_of, staged, told
from tests.teams.world import change


def planned(sessions: SessionFactory) -> list[Delivery]:
    with reading(sessions) as session:
        return list(session.exec(select(Delivery).where(Delivery.kind == "team summary")).all())


def test_it_comes_at_the_hour_of_invitations_of_a_weekday_where_the_person_is(candor: Candor) -> None:
    week = staged(candor)
    at = {each.person_id: each.due for each in planned(candor.sessions)}
    assert at == dict.fromkeys((BOSS, OTHER_BOSS, LEADER), datetime(2026, 10, 13, 10, tzinfo=UTC))
    change(candor.sessions, LEADER, tz="America/Los_Angeles")
    release_of(candor, week + WEEK)
    newest = {each.person_id: each.due for each in planned(candor.sessions) if each.week == "2026-W43"}
    assert newest[LEADER] == datetime(2026, 10, 19, 17, tzinfo=UTC)


def test_planning_again_and_again_plans_it_once(candor: Candor) -> None:
    week = staged(candor)
    for hours in range(1, 160, 19):
        candor.tick_at(cut_off(week) + timedelta(hours=hours))
    assert [len(messages(candor, user)) for user in (BOSS, OTHER_BOSS, LEADER)] == [1, 1, 1]


def test_a_message_that_is_forgotten_after_its_week_is_not_planned_again(candor: Candor) -> None:
    week = staged(candor)
    told(candor, week)
    # No release is made any more, and the keys of the week are gone.
    candor.clock.now = cut_off(week) + timedelta(days=9)
    with candor.sessions.begin() as session:
        for each in session.exec(select(Delivery)).all():
            session.delete(each)
    assert planning.plan(candor.sessions, candor.services.workspace_id, candor.clock()) == 0


def test_two_replicas_plan_it_once(candor: Candor) -> None:
    week = staged(candor)
    workspace, now = candor.services.workspace_id, cut_off(week) + timedelta(minutes=1)
    with candor.sessions.begin() as session:
        for each in session.exec(select(Delivery)).all():
            session.delete(each)
    assert [planning.plan(candor.sessions, workspace, now) for _ in range(2)] == [3, 0]


def test_a_message_whose_post_is_lost_on_the_way_comes_once(candor: Candor) -> None:
    week = staged(candor)
    candor.sandbox.faults.add(Fault("chat.postMessage", "drop_after"))
    told(candor, week)
    for minutes in (3, 6, 9):
        candor.tick_at(cut_off(week) + timedelta(days=1, minutes=minutes))
    assert len(messages(candor, BOSS)) == 1


@pytest.mark.parametrize(
    "values", [{"is_manager": False}, {"active": False}, {"team": "Engineering / Mobile"}, {"summary_messages": False}]
)
def test_whose_right_ends_between_planning_and_sending_gets_none(candor: Candor, values: dict[str, object]) -> None:
    week = staged(candor)
    assert BOSS in {each.person_id for each in planned(candor.sessions)}
    change(candor.sessions, BOSS, **values)
    told(candor, week)
    assert not messages(candor, BOSS) and messages(candor, OTHER_BOSS)


def test_a_message_that_an_outage_held_up_until_the_next_release_is_dropped_for_the_newer_one(candor: Candor) -> None:
    week = staged(candor)
    release_of(candor, week + WEEK)
    states = {each.week: (each.state, each.reason) for each in planned(candor.sessions) if each.person_id == BOSS}
    assert states == {"2026-W42": ("dropped", "too late"), "2026-W43": ("ready", None)}
    told(candor, week + WEEK)
    (message,) = messages(candor, BOSS)
    assert "5–11 Oct" in message.text


def test_after_a_restored_backup_nobody_is_told_a_second_time(candor: Candor) -> None:
    week = staged(candor)
    with candor.sessions.begin() as session:
        # The backup was made between the release and the planning of its messages.
        for each in session.exec(select(Delivery)).all():
            session.delete(each)
        for job in session.exec(select(Job)).all():
            session.delete(job)
    make_safe(candor.sessions, cut_off(week) + timedelta(days=2))
    candor.tick_at(cut_off(week) + timedelta(days=2, minutes=1))
    assert not messages(candor, BOSS)
    release_of(candor, week + WEEK)
    told(candor, week + WEEK)
    assert len(messages(candor, BOSS)) == 1


def test_it_is_not_sent_on_a_weekend(candor: Candor) -> None:
    week = staged(candor)
    saturday = cut_off(week) + timedelta(days=5)
    candor.tick_at(saturday)
    candor.tick_at(saturday + timedelta(days=1))
    assert not messages(candor, BOSS)


def test_somebody_who_opts_out_of_the_digest_is_told_of_their_team_all_the_same(candor: Candor) -> None:
    week = staged(candor)
    user = candor.sandbox.user(OTHER_BOSS)
    user.say("stop")
    user.press("held.erase_now")
    with reading(candor.sessions) as session:
        assert session.get(Consent, OTHER_BOSS) is None
    told(candor, week)
    assert messages(candor, OTHER_BOSS)


def test_nobody_is_told_before_the_first_release(candor: Candor) -> None:
    assert planning.plan(candor.sessions, candor.services.workspace_id, candor.clock()) == 0


def test_whoever_manages_nothing_that_is_shown_is_not_told(candor: Candor) -> None:
    week = staged(candor)
    release_of(candor, week + WEEK, PAYMENTS)
    due = {each.person_id for each in planned(candor.sessions) if each.week == "2026-W43"}
    assert due == {BOSS}


def test_the_key_is_the_week_in_which_the_release_was_due() -> None:
    assert planning.key_of(date(2026, 9, 28)) == "2026-W42"
