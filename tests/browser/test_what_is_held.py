"""What is held: read on screen, taken away as files, changed, deleted."""

import csv
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from bot.demo.stage import Stage
from storage import held
from tests.browser.cast import COLLECTOR, COMMANDER, LEAVER, PLANNER
from tests.browser.conftest import SitDown


def test_everything_held_is_shown_and_downloads_as_json_and_csv(
    stage: Stage, sit_down: SitDown, tmp_path: Path
) -> None:
    screen = sit_down(COLLECTOR)
    screen.press("held.open")
    expect(screen.modal).to_contain_text("Every row held about you")
    expect(screen.modal).to_contain_text(COLLECTOR.address)
    with stage.services.sessions.begin() as session:
        rows = held.rows_of(session, COLLECTOR.id)
    screen.press("held.export", screen.modal)
    expect(screen.page.get_by_test_id("confirm")).to_contain_text("The files hold all your figures")
    screen.page.get_by_test_id("confirm-yes").click()
    expect(screen.modal).to_contain_text("Your files are on their way")
    screen.modal.get_by_test_id("modal-close").click()
    expect(screen.modal).to_contain_text("Every row held about you")
    screen.close_modal()

    screen.go_to_dm()
    as_json = json.loads(screen.download("candor-held.json", tmp_path).read_bytes())
    assert {table: len(kept) for table, kept in as_json.items()} == {table: len(kept) for table, kept in rows.items()}
    assert _owners(as_json) == {COLLECTOR.id}
    assert [row["day"] for row in as_json["usage_day"]] == [row["day"].isoformat() for row in rows["usage_day"]]

    with screen.download("candor-held.csv", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == sum(len(row) for kept in as_json.values() for row in kept)
    assert {"table": "identity", "row": "1", "column": "value", "value": COLLECTOR.address} in lines


def _owners(tables: dict[str, list[dict[str, Any]]]) -> set[str]:
    """Whose rows these are."""
    return {row["id"] if table == "person" else row["person_id"] for table, rows in tables.items() for row in rows}


def test_opting_out_by_button_takes_the_weekly_message_out_of_the_dm(stage: Stage, sit_down: SitDown) -> None:
    screen = sit_down(LEAVER)
    screen.go_to_dm()
    expect(screen.digest).to_be_visible()
    screen.go_home()
    screen.press("held.stop")
    expect(screen.modal).to_contain_text("This goes, at once:")
    screen.submit()
    expect(screen.modal).to_contain_text("Collection has ended and everything held about you is deleted.")
    screen.close_modal()

    expect(screen.button("consent.open", screen.home)).to_have_text("Opt in")
    screen.go_to_dm()
    # What everybody is sent, opted in or not, stays.
    expect(screen.messages.last).to_contain_text("Pulse 2 ")
    expect(screen.digests).to_have_count(0)
    with stage.services.sessions.begin() as session:
        assert "usage_day" not in held.rows_of(session, LEAVER.id)


def test_a_typed_word_and_a_command_do_what_the_buttons_do(sit_down: SitDown) -> None:
    screen = sit_down(COMMANDER)
    screen.go_to_dm()
    screen.say("help")
    expect(screen.messages.last).to_contain_text("What you can type")

    screen.say("/candor checkin")
    screen.report(saved="0", rework="1to2")
    expect(screen.digest).to_contain_text("Saved: 0 h")


def test_a_change_of_settings_shows_on_home(sit_down: SitDown) -> None:
    screen = sit_down(PLANNER)
    expect(screen.home).to_contain_text("Comes Mondays between 09:00 and 12:00, your time.")
    screen.press("digest.settings")
    screen.text_box("weekday").select_option(label="Wednesday")
    screen.text_box("hour").select_option(label="from 14:00")
    screen.tick("figures", "modal")
    screen.submit()
    expect(screen.modal).to_be_hidden()
    expect(screen.home).to_contain_text("Comes Wednesdays between 14:00 and 17:00, your time.")
    expect(screen.home).to_contain_text("Figures are shown behind a button, not in messages.")
