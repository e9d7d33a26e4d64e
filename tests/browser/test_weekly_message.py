"""The weekly message: it comes by itself, is brought up to date in place, and shows what was typed as it was typed."""

from playwright.sync_api import expect

from bot.demo.stage import Stage
from tests.browser.cast import FARTHEST_WEST, NEIGHBOURS, REPORTER, SEALED, WRITER
from tests.browser.conftest import SitDown

AS_TYPED = "<!channel> &lt; 🎉 שלום"


def test_the_first_message_comes_live_on_monday_and_gains_a_chart_with_the_check_in(sit_down: SitDown) -> None:
    screen = sit_down(FARTHEST_WEST)
    screen.press("consent.open")
    screen.tick("tools", "chatgpt")
    screen.submit()
    screen.close_modal()
    screen.go_to_dm()
    expect(screen.digests).to_have_count(0)
    screen.page.evaluate("window.neverReloaded = true")

    screen.page.get_by_test_id("clock-next-monday").click()
    expect(screen.page.get_by_test_id("clock")).to_contain_text("Mon, 23 Nov 2026 09:00", timeout=60_000)
    expect(screen.digests).to_have_count(1)
    expect(screen.charts(screen.digest)).to_have_count(1)
    expect(screen.digest).to_contain_text("ChatGPT")

    screen.press("checkin.open", screen.digest)
    screen.report()
    expect(screen.charts(screen.digest)).to_have_count(2)
    expect(screen.digest.get_by_test_id("chart-table").last).to_contain_text("Lost to rework")
    assert screen.page.evaluate("window.neverReloaded")


def test_reporting_from_the_message_updates_that_message(sit_down: SitDown) -> None:
    screen = sit_down(REPORTER)
    screen.go_to_dm()
    expect(screen.charts(screen.digest)).to_have_count(2)
    expect(screen.digest).not_to_contain_text("(edited)")
    before, count = screen.digest.get_attribute("data-ts"), screen.messages.count()

    screen.press("checkin.open", screen.digest)
    screen.report(saved="2to4", rework="lt1", helped="coding")
    expect(screen.digest).to_contain_text("(edited)")
    expect(screen.digest).to_contain_text("Net: between 1 and 4 h")
    expect(screen.digest).to_have_attribute("data-ts", before or "")
    expect(screen.messages).to_have_count(count)


def test_a_line_is_shown_as_it_was_typed(stage: Stage, sit_down: SitDown) -> None:
    screen = sit_down(WRITER)
    screen.go_to_dm()
    screen.press("checkin.open", screen.digest)
    screen.report(note=AS_TYPED)
    expect(screen.digest.get_by_text(AS_TYPED)).to_be_visible()
    expect(screen.digest.locator(".mention")).to_have_count(0)
    workspace = stage.sandbox.workspace
    assert [message.pings for message in workspace.messages(workspace.dm(WRITER.id) or "") if message.pings] == []


def test_figures_kept_out_of_messages_open_in_a_modal(sit_down: SitDown) -> None:
    screen = sit_down(SEALED)
    screen.go_to_dm()
    expect(screen.digest).to_contain_text("Your figures are not in this message, as you asked.")
    expect(screen.digest).not_to_contain_text("messages you sent")
    expect(screen.charts(screen.digest)).to_have_count(0)

    screen.press("digest.open", screen.digest)
    expect(screen.modal).to_contain_text("messages you sent")
    expect(screen.modal).to_contain_text("The last 8 weeks")


def test_one_person_never_sees_the_messages_of_another(sit_down: SitDown) -> None:
    one, other = (sit_down(person) for person in NEIGHBOURS)
    one.go_to_dm()
    other.go_to_dm()
    expect(one.digest).to_be_visible()
    expect(other.digest).to_be_visible()
    before = other.messages.all_inner_texts()

    one.press("checkin.open", one.digest)
    one.report(note="for me alone")
    expect(one.digest).to_contain_text("for me alone")
    other.say("help")
    expect(other.messages.last).to_contain_text("What you can type")
    assert other.messages.all_inner_texts()[: len(before)] == before

    theirs = one.page.url.rpartition("/")[2]
    other.page.evaluate("place => { location.hash = place }", f"{NEIGHBOURS[1].id}/{theirs}")
    expect(other.page.locator("main")).to_have_text("This person has no such conversation. Choose one on the left.")
