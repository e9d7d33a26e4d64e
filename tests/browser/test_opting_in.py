"""From distrust to "You are in": with the mouse, by keyboard alone, from a channel's post, and not for guests."""

import re

from playwright.sync_api import expect

from bot.usage.catalogue import TOOLS
from tests.browser.cast import CHANNEL_READER, GUEST, HR, READER, TYPIST
from tests.browser.conftest import SitDown
from tests.browser.screen import Screen

GENERAL = "C0GENERAL"


def test_a_newcomer_reads_what_is_collected_and_opts_in(sit_down: SitDown) -> None:
    screen = sit_down(READER)
    expect(screen.home).to_contain_text("Nothing is collected unless you opt in")
    screen.press("consent.collected")
    for tool in TOOLS.values():
        expect(screen.modal.get_by_role("heading", name=tool.name, exact=True)).to_be_visible()
        for field in tool.fields:
            expect(screen.modal).to_contain_text(f"{field.label}: {field.explanation}")
        expect(screen.modal).to_contain_text(tool.left_out[0])
    screen.close_modal()

    screen.press("consent.open")
    expect(screen.modal).to_contain_text(READER.email or "")
    screen.tick("tools", "claude-code", "copilot")
    screen.submit()
    expect(screen.modal.get_by_role("heading")).to_have_text("You are in")
    expect(screen.modal).to_contain_text("Your first message comes on Mon ")
    screen.close_modal()
    expect(screen.home).to_contain_text("Claude Code, GitHub Copilot. Figures are shown in the message.")


def test_the_keyboard_alone_is_enough_to_opt_in(sit_down: SitDown) -> None:
    screen = sit_down(None)
    keyboard = screen.page.keyboard
    expect(screen.page.get_by_test_id("person-search")).to_be_focused()
    keyboard.type(TYPIST.name)
    keyboard.press("Enter")
    expect(screen.button("consent.open")).to_be_visible()

    _open_form(screen)
    keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
    expect(screen.button("consent.open")).to_be_focused()

    _open_form(screen)
    screen.tab_to('[value="chatgpt"]')
    keyboard.press("Space")
    screen.tab_to('[data-testid="modal-submit"]')
    keyboard.press("Enter")
    expect(screen.modal).to_contain_text("You are in.")
    keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
    expect(screen.home).to_contain_text(re.compile("Agreed on .*: ChatGPT"))


def _open_form(screen: Screen) -> None:
    screen.tab_to('[data-action-id="consent.open"]')
    screen.page.keyboard.press("Enter")
    expect(screen.field("tools").locator("input").first).to_be_focused()


def test_somebody_opts_in_from_the_post_that_hr_has_previewed(sit_down: SitDown) -> None:
    hr, reader = sit_down(HR), sit_down(CHANNEL_READER)
    reader.go_to_channel(GENERAL)
    expect(reader.messages).to_have_count(0)

    hr.press("invitation.open")
    expect(hr.modal).to_contain_text("This is what will be posted:")
    preview = hr.modal.get_by_text(re.compile("^Candor is here: ")).inner_text()
    hr.text_box("channel").select_option(GENERAL)
    hr.submit()
    expect(hr.modal).to_contain_text("The invitation is in #general.")

    expect(reader.messages).to_contain_text([preview])
    reader.press("consent.open")
    reader.tick("tools", "chatgpt")
    reader.submit()
    expect(reader.modal).to_contain_text("You are in.")
    reader.close_modal()
    expect(reader.messages).to_have_count(1)


def test_a_guest_reads_why_they_cannot_opt_in(sit_down: SitDown) -> None:
    screen = sit_down(GUEST)
    expect(screen.home).to_contain_text("Candor is for full members of this workspace.")
    expect(screen.button("consent.open")).to_have_count(0)

    screen.go_to_dm()
    screen.say("checkin")
    expect(screen.messages.last).to_contain_text("Guest accounts are not collected and cannot opt in.")
