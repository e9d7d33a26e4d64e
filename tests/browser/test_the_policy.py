"""The policy on the page: a question typed or asked in Home, who keeps what, and HR's file with its preview."""

from playwright.sync_api import expect

from bot.policy.document import read_policy
from bot.settings import Settings
from tests.browser.cast import ASKER, OUTSIDER, SECOND_HR
from tests.browser.conftest import SitDown

SAMPLE = Settings.model_fields["policy"].default
QUESTION = "Can my manager see my tokens?"
CLAUSE = "Who sees it"
WORDS = "No manager, no HR, no administrator of Candor has a view"


def test_a_question_in_the_dm_is_answered_in_the_words_of_the_policy(sit_down: SitDown) -> None:
    assert WORDS in read_policy(SAMPLE).text
    screen = sit_down(OUTSIDER)
    screen.go_to_dm()
    screen.say(QUESTION)
    answer = screen.messages.filter(has_text=CLAUSE).last
    expect(answer).to_contain_text(CLAUSE)
    expect(answer).to_contain_text(WORDS)
    expect(answer).to_contain_text("Version 1")


def test_a_question_in_home_is_answered_to_the_asker_beside_what_is_held_of_them(sit_down: SitDown) -> None:
    screen = sit_down(ASKER)
    screen.go_home()
    screen.type_into("asking.field", "What do you know about me?")
    expect(screen.modal).to_contain_text("usage days, the oldest of")
    screen.close_modal()
    screen.press("policy.kept")
    expect(screen.modal).to_contain_text("What the machine keeps")
    expect(screen.modal).to_contain_text("What only people can keep")


def test_hr_drops_a_file_sees_what_it_would_change_and_discards_it(sit_down: SitDown) -> None:
    stricter = (
        SAMPLE.read_text().replace("{usage: 26", "{usage: 12").replace("effective: 2026-09-01", "effective: 2027-01-11")
    )
    draft = stricter.replace("terms:", "changes: [Usage is kept for a shorter time.]\nterms:", 1)
    screen = sit_down(SECOND_HR)
    screen.go_to_dm()
    screen.attach("policy.md", draft.encode())
    preview = screen.messages.filter(has_text="Version 2: AI usage feedback policy")
    expect(preview).to_contain_text("Weeks that usage is kept: 12, until now 26")
    screen.press("draft.difference", preview)
    expect(screen.modal).to_contain_text("How long it is kept")
    screen.close_modal()
    screen.press("draft.discard", preview)
    screen.page.get_by_test_id("confirm-yes").click()
    expect(screen.messages.filter(has_text="iscarded")).to_have_count(1)
    expect(screen.button("draft.publish")).to_have_count(0)


def test_nobody_else_can_hand_in_a_policy(sit_down: SitDown) -> None:
    screen = sit_down(OUTSIDER)
    screen.go_to_dm()
    screen.attach("policy.md", SAMPLE.read_bytes())
    expect(screen.messages.last).to_contain_text("Only HR")
    expect(screen.button("draft.publish")).to_have_count(0)
