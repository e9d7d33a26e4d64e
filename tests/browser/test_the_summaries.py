"""Team summaries on the page: a manager opens one, whoever counts in it sees the same and who looked; so does HR."""

from playwright.sync_api import Locator, expect

from bot.demo.stage import Stage
from bot.teams import words
from storage import seasons
from storage.database import reading
from tests.browser.cast import COLLEAGUE, HR, MANAGER, QUITTER
from tests.browser.conftest import SitDown
from tests.browser.screen import Screen


def opened(screen: Screen) -> Locator:
    """The newest weekly message of a manager, with its summary opened."""
    screen.go_to_dm()
    message = screen.messages.filter(has_text="The summary of Payments for the week of").last
    expect(message).to_contain_text("It is not a measure of performance")
    expect(message).not_to_contain_text("Hours saved")
    screen.press("summary.open", message)
    summary = screen.messages.filter(has_text=words.CHART_NOTE).last
    expect(summary).to_be_visible()
    return summary


def newest_week(place: Locator) -> list[str]:
    """What a summary says in words of its newest week, before the season."""
    expect(place).to_contain_text(words.QUESTIONS[-1])
    lines = [line.strip() for line in place.inner_text().splitlines() if line.strip()]
    first = next(number for number, line in enumerate(lines) if line.startswith("The newest week published"))
    return lines[first : lines.index(words.SEASON_TITLE.strip("*"))]


def test_a_manager_opens_the_summary_in_the_message_and_sees_the_season_as_a_chart(sit_down: SitDown) -> None:
    screen = sit_down(MANAGER)
    summary = opened(screen)
    expect(screen.charts(summary).locator("svg")).to_have_count(1)
    expect(summary).to_contain_text("That you opened this is in the ledger now")
    expect(screen.button("summary.open", summary)).to_have_count(0)


def test_in_home_the_summary_is_a_table_until_the_tab_is_opened_again(sit_down: SitDown) -> None:
    screen = sit_down(MANAGER)
    screen.go_home()
    expect(screen.home).not_to_contain_text("Hours saved")
    screen.press("summary.home")
    table = screen.home.get_by_role("table")
    expect(table).to_contain_text("Lost to rework")
    expect(table.get_by_role("row").nth(4)).to_contain_text("Oct")
    screen.press("summary.close")
    expect(screen.button("summary.home")).to_be_visible()
    expect(screen.home).not_to_contain_text("Hours saved")


def test_whoever_counts_sees_the_same_as_the_manager_and_that_the_manager_looked(sit_down: SitDown) -> None:
    manager = sit_down(MANAGER)
    manager.go_home()
    manager.press("summary.home")
    shown = newest_week(manager.home)

    screen = sit_down(COLLEAGUE)
    screen.go_home()
    expect(screen.home).to_contain_text("You count in the summaries of Payments, Engineering and the whole company")
    screen.press("belonging.open")
    assert newest_week(screen.modal) == shown
    screen.close_modal()
    screen.press("belonging.looked")
    expect(screen.modal).to_contain_text(f"@{MANAGER.name}, manager of Payments, opened the Payments summary")
    assert COLLEAGUE.name not in screen.modal.inner_text()


def test_leaving_the_summaries_takes_effect_at_once_and_the_weekly_message_stays(
    stage: Stage, sit_down: SitDown
) -> None:
    screen = sit_down(QUITTER)
    screen.go_home()
    screen.press("belonging.leave")
    expect(screen.page.get_by_test_id("confirm")).to_contain_text("Your weekly message goes on.")
    screen.page.get_by_test_id("confirm-yes").click()
    expect(screen.modal).to_contain_text("You have left the team summaries.")
    screen.close_modal()
    expect(screen.button("belonging.again")).to_be_visible()
    expect(screen.button("belonging.open")).to_have_count(0)
    expect(screen.home).to_contain_text("Your weekly message")
    with reading(stage.services.sessions) as session:
        assert seasons.place_of(session, QUITTER.id, 1) is None


def test_hr_opens_one_team_above_others_at_a_time_and_organisation_health(sit_down: SitDown) -> None:
    screen = sit_down(HR)
    screen.go_home()
    screen.press("summary.choose")
    expect(screen.text_box("target")).to_contain_text("Engineering")
    offered = screen.text_box("target").locator("option").all_inner_texts()
    assert "Engineering" in offered and not any(" / " in each for each in offered)
    screen.text_box("target").select_option(label="Engineering")
    screen.submit()
    expect(screen.home).to_contain_text("Summary of Engineering")
    expect(screen.home.get_by_role("table")).to_have_count(1)
    screen.press("summary.close")
    screen.press("teams.health")
    expect(screen.modal).to_contain_text("Days with use")
    expect(screen.modal).to_contain_text("Season 1")
