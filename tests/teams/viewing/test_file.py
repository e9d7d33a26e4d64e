"""A summary as a file: what is shown and nothing more, an entry of the ledger, and gone with the team."""

import csv
import io
from datetime import date

import pytest
from sqlmodel import delete

from bot.sandbox.faults import Fault
from bot.weeks import WEEK
from storage.tables import SlackDeletion
from tests.candor import Candor
from tests.teams.viewing.stage import (
    BOSS,
    LEADER,
    PAYMENTS,
    home_of,
    looks,
    messages,
    opened,
    press_in,
    release_of,
    staged,
)
from tests.teams.world import change, release


def files(candor: Candor) -> list[bytes]:
    """The contents of the files that are not deleted."""
    return [file.content for file in candor.sandbox.workspace.files.values() if file.content]


def taken(candor: Candor) -> date:
    """Payments' manager has opened the first week's summary and taken it as a file; returns that week."""
    week = staged(candor)
    press_in(candor, BOSS, opened(candor, week), "summary.csv")
    return week


def test_the_file_holds_what_the_table_in_home_holds(candor: Candor) -> None:
    week = staged(candor)
    release_of(candor, week + WEEK, PAYMENTS[:2])
    home_of(candor, LEADER)
    candor.sandbox.user(LEADER).press("summary.home")
    blocks = (candor.sandbox.workspace.home(LEADER) or {})["blocks"]
    table = next(block for block in blocks if block["type"] == "table")["rows"]
    candor.sandbox.user(LEADER).press("summary.csv")
    (content,) = files(candor)
    header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert [header[1:-1], *(line[1:-1] for line in lines)] == [[cell["text"] for cell in row] for row in table]
    (name,) = [file.name for file in candor.sandbox.workspace.files.values()]
    assert name == f"team-summary-{week + WEEK}.csv"
    assert header[0] == "Team" and {line[0] for line in lines} == {"Engineering"} and len(lines) == 2


def test_taking_it_is_an_entry_of_its_own(candor: Candor) -> None:
    taken(candor)
    assert [look[:3] for look in looks(candor.sessions)] == [
        (BOSS, "opened", "Engineering / Payments"),
        (BOSS, "exported", "Engineering / Payments"),
    ]
    assert candor.sandbox.send_raw(candor.sandbox.last_payload("interactive"), "interactive").ok
    assert len(looks(candor.sessions)) == 2


def test_the_message_beside_the_file_says_what_it_is_not(candor: Candor) -> None:
    taken(candor)
    assert any("They are not a measure of performance" in message.text for message in candor.dms(BOSS))
    assert "on its way" in str(candor.top_modal(BOSS))


def test_whoever_loses_the_team_keeps_neither_message_nor_file(candor: Candor) -> None:
    week = taken(candor)
    change(candor.sessions, BOSS, team="Engineering / Mobile")
    release_of(candor, week + WEEK)
    candor.tick()
    assert not files(candor) and not messages(candor, BOSS)


def test_whoever_keeps_the_team_keeps_both(candor: Candor) -> None:
    week = taken(candor)
    release_of(candor, week + WEEK)
    candor.tick()
    assert files(candor) and messages(candor, BOSS)


def test_a_file_is_deleted_when_its_time_is_up(candor: Candor) -> None:
    taken(candor)
    candor.clock.pass_by(weeks=30)
    candor.tick()
    candor.tick()
    assert not files(candor)


def test_whoever_lost_the_team_opens_no_file(candor: Candor) -> None:
    week = staged(candor)
    message = opened(candor, week)
    change(candor.sessions, BOSS, is_manager=False)
    press_in(candor, BOSS, message, "summary.csv")
    assert not files(candor) and [look[1] for look in looks(candor.sessions)] == ["opened"]


@pytest.mark.parametrize("season_ends", [False, True])
def test_a_file_on_its_way_while_the_team_is_lost_is_deleted_too(candor: Candor, season_ends: bool) -> None:
    week = staged(candor)
    message = opened(candor, week)

    def move(args: dict[str, object]) -> bool:
        change(candor.sessions, BOSS, team="Engineering / Mobile")
        if season_ends:
            assert release(candor.sessions, week + 12 * WEEK) is not None
            with candor.sessions.begin() as session:
                # Its deletion was tried, and the file was not there yet.
                session.exec(delete(SlackDeletion))
        return True

    candor.sandbox.faults.add(Fault("files.completeUploadExternal", "ok", when=move))
    press_in(candor, BOSS, message, "summary.csv")
    assert files(candor)
    candor.tick()
    assert not files(candor)


def test_when_slack_takes_no_file_the_reader_is_told(candor: Candor) -> None:
    week = staged(candor)
    message = opened(candor, week)
    candor.sandbox.faults.add(Fault(method="files.getUploadURLExternal", kind="error_500_before"))
    press_in(candor, BOSS, message, "summary.csv")
    assert not files(candor) and "Something went wrong on our side" in candor.dms(BOSS)[-1].text
