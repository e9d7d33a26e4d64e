"""What was opened is taken away in Slack where the right to it has ended, whatever ended it, in Home too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import delete, select

from bot.held.views import CLOSED
from bot.sandbox.faults import Fault
from bot.teams.calendar import cut_off
from storage.database import SessionFactory, reading
from storage.tables import Person, SentItem, SlackDeletion
from tests.candor import HR, Candor, running
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.teams.viewing.stage import (
    BOSS,
    LEADER,
    OTHER_BOSS,
    home_of,
    messages,
    opened,
    press_in,
    shown_home,
    staged,
)
from tests.teams.viewing.test_file import files
from tests.teams.viewing.test_hr import choose
from tests.teams.viewing.test_losing import everybody, imported
from tests.teams.world import change

GROUP = "S0HR"


def open_in_home(candor: Candor, user: str) -> None:
    home_of(candor, user)
    candor.sandbox.user(user).press("summary.home")
    assert "1.5 h" in shown_home(candor, user)


def kept(candor: Candor) -> set[tuple[str, str]]:
    with reading(candor.sessions) as session:
        return {(each.person_id, each.kind) for each in session.exec(select(SentItem))}


def an_hour_later(candor: Candor) -> None:
    candor.clock.pass_by(hours=1)
    candor.tick()


def is_closed(candor: Candor, user: str) -> bool:
    shown = shown_home(candor, user)
    return CLOSED in shown and "1.5 h" not in shown


def test_a_summary_opened_in_home_is_remembered_once(candor: Candor) -> None:
    staged(candor)
    for _ in range(2):
        open_in_home(candor, BOSS)
    with reading(candor.sessions) as session:
        (found,) = session.exec(select(SentItem)).all()
    assert (found.person_id, found.kind, found.ref) == (BOSS, "team summary in Home", BOSS)


def test_home_is_closed_at_once_for_whoever_loses_the_team_in_an_import(candor: Candor) -> None:
    staged(candor)
    open_in_home(candor, BOSS)
    open_in_home(candor, LEADER)
    imported(candor, **everybody(**{BOSS: "Engineering / Payments"}))
    candor.tick()
    assert is_closed(candor, BOSS) and "1.5 h" in shown_home(candor, LEADER)
    assert CLOSED not in home_of(candor, BOSS)


@pytest.mark.parametrize("values", [{"is_manager": False}, {"team": "Engineering / Mobile"}])
def test_whatever_ends_the_right_ends_messages_files_and_home_within_the_hour(
    candor: Candor, values: dict[str, Any]
) -> None:
    message = opened(candor, staged(candor))
    press_in(candor, BOSS, message, "summary.csv")
    open_in_home(candor, BOSS)
    an_hour_later(candor)
    assert messages(candor, BOSS) and files(candor) and "1.5 h" in shown_home(candor, BOSS)
    change(candor.sessions, BOSS, **values)
    an_hour_later(candor)
    assert not messages(candor, BOSS) and not files(candor) and is_closed(candor, BOSS)
    assert not kept(candor)


@pytest.mark.parametrize(("viewers", "still"), [(["managers"], BOSS), (["leaders"], LEADER), ([], None)])
def test_a_policy_that_takes_viewers_away_takes_what_they_opened(
    candor: Candor, viewers: list[str], still: str | None
) -> None:
    staged(candor)
    for user in (BOSS, LEADER):
        open_in_home(candor, user)
    choose(candor, "Engineering")
    candor.sandbox.user(HR).press("summary.csv")
    assert files(candor)
    publish_next(candor.sessions, candor.clock(), **AS_SHIPPED, who_sees={"team_summaries": viewers})
    an_hour_later(candor)
    assert {user for user in (BOSS, LEADER, HR) if not is_closed(candor, user)} == ({still} if still else set())
    assert not files(candor)


def choose_and_take(candor: Candor, user: str) -> None:
    """Open the summary of Engineering as HR, and take it as a file."""
    home_of(candor, user)
    candor.sandbox.user(user).press("summary.choose")
    element = candor.top_modal(user)["blocks"][-1]["element"]
    (value,) = [each["value"] for each in element["options"] if each["text"]["text"] == "Engineering"]
    assert candor.sandbox.user(user).fill_and_submit(values={"target": value}).ok
    candor.sandbox.user(user).press("summary.csv")


@contextmanager
def with_a_group(sessions: SessionFactory) -> Iterator[Candor]:
    """HR and the leader are HR by a user group, and have opened the summary of Engineering as HR."""
    with running(sessions, hr=frozenset({GROUP})) as candor:
        candor.sandbox.workspace.add_usergroup(id=GROUP, handle="hr", users=[HR])
        staged(candor)
        candor.sandbox.workspace.usergroups[GROUP].users.append(LEADER)
        candor.clock.pass_by(minutes=10)
        for user in (HR, LEADER):
            choose_and_take(candor, user)
        yield candor


def test_whoever_leaves_hr_keeps_what_they_opened_as_a_manager_and_nothing_else(sessions: SessionFactory) -> None:
    with with_a_group(sessions) as candor:
        open_in_home(candor, LEADER)
        candor.sandbox.user(LEADER).press("summary.csv")
        an_hour_later(candor)
        assert len(files(candor)) == 3 and "1.5 h" in shown_home(candor, HR)
        candor.sandbox.workspace.usergroups[GROUP].users[:] = ["UOTHER"]
        an_hour_later(candor)
        assert len(files(candor)) == 1 and is_closed(candor, HR)
        assert kept(candor) == {(LEADER, "team summary file"), (LEADER, "team summary in Home")}


def test_while_slack_does_not_say_who_is_hr_what_hr_opened_waits(sessions: SessionFactory) -> None:
    with with_a_group(sessions) as candor:
        candor.sandbox.workspace.usergroups[GROUP].users[:] = [LEADER]
        candor.sandbox.faults.add(Fault("usergroups.users.list", "error_500_before", times=50))
        an_hour_later(candor)
        assert len(files(candor)) == 2 and not is_closed(candor, HR)
        candor.sandbox.faults.clear()
        an_hour_later(candor)
        assert len(files(candor)) == 1 and is_closed(candor, HR) and not is_closed(candor, LEADER)


def test_a_home_tab_on_its_way_while_the_team_is_lost_is_closed_too(candor: Candor) -> None:
    staged(candor)
    home_of(candor, BOSS)

    def lose(args: dict[str, object]) -> bool:
        imported(candor, **everybody(**{BOSS: "!Engineering / Mobile"}))
        with candor.sessions.begin() as session:
            # It was closed already, and only then came what was on its way.
            session.exec(delete(SlackDeletion))
        return True

    candor.sandbox.faults.add(Fault("views.publish", "ok", when=lose))
    candor.sandbox.user(BOSS).press("summary.home")
    assert "1.5 h" in shown_home(candor, BOSS)
    candor.tick()
    assert is_closed(candor, BOSS)


def test_opting_out_closes_home_and_leaves_nothing_to_be_closed(candor: Candor) -> None:
    staged(candor)
    open_in_home(candor, OTHER_BOSS)
    candor.sandbox.user(OTHER_BOSS).say("stop")
    candor.sandbox.user(OTHER_BOSS).press("held.erase_now")
    assert "1.5 h" not in shown_home(candor, OTHER_BOSS)
    with reading(candor.sessions) as session:
        assert not session.exec(select(SlackDeletion)).all() and not kept(candor)


def test_of_whoever_is_forgotten_no_home_tab_is_waited_for(candor: Candor) -> None:
    week = staged(candor)
    open_in_home(candor, BOSS)
    candor.sandbox.workspace.update_user(BOSS, deleted=True)
    candor.tick_at(cut_off(week) + timedelta(weeks=1))
    with reading(candor.sessions) as session:
        assert [each.ref for each in session.exec(select(SlackDeletion))] == [BOSS]
    candor.tick_at(cut_off(week) + timedelta(weeks=40))
    with reading(candor.sessions) as session:
        assert session.get(Person, BOSS) is None and not session.exec(select(SlackDeletion)).all()
