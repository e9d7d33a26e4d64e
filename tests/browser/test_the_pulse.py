"""The pulse on the page: somebody who never opted in answers it, HR runs it, and everybody reads the same results."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.demo.company import news
from bot.people.directory import import_directory, members_by_email
from bot.people.roster import sync
from bot.pulse.questions import LONGEST_COMMENT
from bot.sandbox.company import COMPANY
from storage.database import open_engine, session_factory, upgrade
from storage.tables import Wave
from tests.browser.cast import HR, LEADER, VOTER
from tests.browser.conftest import SitDown, seated
from tests.browser.screen import Screen
from tests.candor import Candor, running
from tests.pulse.ballot.acts import kept
from tests.pulse.world import BELIEF, begin, finish, moment, vote

# In Berlin, where the voter is, it is 04:00 in the night, and the hour of invitations is 10:00.
NIGHT = datetime(2026, 11, 18, 3, tzinfo=UTC)
MORNING = datetime(2026, 11, 18, 9, tzinfo=UTC)
PROMISES = "Promises, and whether people believe them"
OWN = "I know whom to ask about this policy."


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Candor]:
    """The bot among an employee, a manager and HR, with the channel that hears of pulses; nobody has opted in."""
    engine = open_engine(f"sqlite:///{tmp_path / 'candor.db'}")
    upgrade(engine)
    with running(session_factory(engine), hr=frozenset({HR.id}), channel=news()) as candor:
        for person in (VOTER, LEADER, HR):
            candor.sandbox.workspace.add_user(**person.account())
        for channel in COMPANY.channels:
            candor.sandbox.workspace.add_channel(id=channel.id, name=channel.name, has_bot=True)
        candor.clock.now = NIGHT
        sync(candor.sessions, candor.client, workspace_id=candor.services.workspace_id, now=NIGHT)
        directory, members = io.BytesIO(COMPANY.directory_csv()), members_by_email(candor.client)
        import_directory(candor.sessions, directory, members, now=NIGHT, apply=True)
        yield candor
    engine.dispose()


@pytest.fixture
def sit_down(town: Candor, browser: Browser) -> Iterator[SitDown]:
    with seated(browser, town.sandbox.url) as sit_down:
        yield sit_down


def opened(town: Candor) -> Wave:
    """A wave, opened in the night."""
    return begin(town, channel=town.services.settings.channel)


def closed(town: Candor) -> Wave:
    """A wave that twelve people have answered, and its results."""
    wave = opened(town)
    for number in range(12):
        vote(town, wave, f"U{number:02}", comment=f"Comment {number:02} <!channel>")
    town.clock.now = wave.closes_at
    town.tick()
    return wave


def open_form(screen: Screen, within: Locator | None = None) -> None:
    screen.press("ballot.open", within)
    expect(screen.modal).to_contain_text("What is not protected")


def sealed(screen: Screen) -> None:
    screen.submit()
    expect(screen.modal).to_contain_text("Your ballot is sealed and stored.")


def results_on(screen: Screen) -> list[str]:
    """The lines of the results from the promises on, without the button that only HR has."""
    screen.go_home()
    screen.press("pulse.results")
    expect(screen.modal).to_contain_text(PROMISES)
    lines = [line for line in screen.modal.inner_text().splitlines() if line]
    return [line for line in lines[lines.index(PROMISES) :] if line != "Say what was done"]


def test_somebody_who_never_opted_in_is_invited_at_a_decent_hour_and_answers_with_the_keyboard_alone(
    town: Candor, sit_down: SitDown
) -> None:
    wave = opened(town)
    town.tick_at(NIGHT)
    assert town.dms(VOTER.id) == []
    town.tick_at(MORNING)
    screen = sit_down(VOTER)
    before = home_of(screen)
    screen.go_to_dm()
    expect(screen.messages).to_have_count(1)
    expect(screen.messages).to_contain_text("There is no list of who has answered.")

    screen.tab_to('main [data-action-id="ballot.open"]')
    screen.page.keyboard.press("Enter")
    # Somebody who is to answer reads first what happens to it.
    expect(screen.modal.get_by_text("Before you answer, this is what happens to it.")).to_be_in_viewport()
    expect(screen.modal).to_contain_text("nothing of fewer than 5 answers")
    expect(screen.modal).to_contain_text("see your answers as you send them")
    for question in (BELIEF.id, "clarity.1", "gaming"):
        screen.tab_to(f'[data-block-id="{question}"] input')
        screen.page.keyboard.press("Space")
        screen.page.keyboard.press("ArrowDown")
    screen.tab_to('[data-block-id="comment"] textarea')
    screen.page.keyboard.type("First.")
    screen.tab_to('[data-testid="modal-submit"]')
    screen.page.keyboard.press("Enter")
    expect(screen.modal).to_contain_text("Your ballot is sealed and stored.")
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()
    assert [(ballot.answers, ballot.comment) for ballot in kept(town, wave)] == [
        ({BELIEF.id: "2", "clarity.1": "2", "gaming": "2"}, "First.")
    ]
    assert home_of(screen) == before


def home_of(screen: Screen) -> str:
    """The Home tab as it is published now."""
    screen.go_home()
    expect(screen.button("ballot.open", screen.home)).to_be_visible()
    return screen.home.inner_text()


def test_what_is_sent_again_replaces_what_was_sent_and_the_form_never_shows_it(town: Candor, sit_down: SitDown) -> None:
    wave = opened(town)
    screen = sit_down(VOTER)
    screen.go_home()
    for option in ("1", "4"):
        open_form(screen)
        expect(screen.modal.locator("input:checked")).to_have_count(0)
        screen.tick(BELIEF.id, option)
        sealed(screen)
        screen.close_modal()
    assert [ballot.answers for ballot in kept(town, wave)] == [{BELIEF.id: "4"}]


def test_an_empty_form_and_a_comment_that_is_too_long_are_refused_in_words(town: Candor, sit_down: SitDown) -> None:
    wave = opened(town)
    screen = sit_down(VOTER)
    screen.go_home()
    open_form(screen)
    screen.submit()
    expect(screen.modal).to_contain_text("Nothing is filled in yet. Answer at least one question, or close the form")
    screen.text_box("comment").fill("\U0001f9ea" * (LONGEST_COMMENT + 1))
    screen.submit()
    expect(screen.field("comment")).to_contain_text("at most 500 characters; this has 501")
    assert kept(town, wave) == []
    screen.text_box("comment").fill("\U0001f9ea" * LONGEST_COMMENT)
    sealed(screen)
    assert [ballot.comment for ballot in kept(town, wave)] == ["\U0001f9ea" * LONGEST_COMMENT]


def prepared(hr: Screen) -> None:
    """HR puts together a pulse of three questions, one of them its own, looks at it and opens it."""
    hr.go_home()
    hr.press("pulse.manage")
    for slot, question in {"q1": "gaming", "q2": "own", "q3": "clarity.2", "q4": "nothing", "q5": "nothing"}.items():
        hr.text_box(slot).select_option(question)
    hr.submit()
    expect(hr.field("own")).to_contain_text("You chose “HR's question” above: write it here.")
    hr.text_box("own").fill(OWN)
    hr.submit()
    expect(hr.modal).to_contain_text("Read it as somebody who does not trust it.")
    expect(hr.modal).to_contain_text(f"HR's question: {OWN}")
    hr.submit()
    expect(hr.modal).to_contain_text("Pulse 1 is open until")
    hr.close_modal()


def answer_it(reader: Screen) -> None:
    """Somebody answers it from the channel, asked in HR's order."""
    reader.go_to_channel(news())
    expect(reader.messages).to_contain_text(["3 questions, about a minute"])
    open_form(reader)
    labels = reader.modal.locator(".label")
    expect(labels).to_contain_text(["to make my usage look higher", f"HR's question: {OWN}", "feel mandatory"])
    reader.tick("gaming", "3")
    sealed(reader)
    reader.close_modal()


def close_it(town: Candor, hr: Screen) -> None:
    """HR closes it as soon as that can be done."""
    hr.press("pulse.manage")
    expect(hr.modal).to_contain_text("You can close it earlier, but only from 20 November 2026, 04:00, your time on")
    hr.close_modal()
    town.clock.pass_by(days=2)
    hr.press("pulse.manage")
    hr.press("pulse.close")
    expect(hr.page.get_by_test_id("confirm")).to_contain_text("If fewer than 5 people have answered")
    hr.page.get_by_test_id("confirm-yes").click()
    expect(hr.modal).to_contain_text("Pulse 1 has ended")


def test_hr_opens_a_pulse_in_an_order_and_with_a_question_of_its_own_and_closes_it_too_early(
    town: Candor, sit_down: SitDown
) -> None:
    hr, reader, too_few = sit_down(HR), sit_down(VOTER), "There were too few answers to show anything."
    prepared(hr)
    town.tick_at(MORNING)
    answer_it(reader)
    close_it(town, hr)
    town.clock.pass_by(minutes=1)
    town.tick()
    expect(reader.messages.last).to_contain_text(too_few)
    reader.press("pulse.results")
    expect(reader.modal).to_contain_text(too_few)
    reader.close_modal()
    reader.go_home()
    expect(reader.home).to_contain_text(too_few)


def test_an_employee_a_manager_and_hr_read_the_same_results_everywhere(town: Candor, sit_down: SitDown) -> None:
    closed(town)
    modals, homes = [], []
    for person in (VOTER, LEADER, HR):
        screen = sit_down(person)
        screen.go_to_channel(news())
        expect(screen.messages.last).to_contain_text("80 or more of 100 believe it is followed")
        expect(screen.messages.last.locator("table")).to_contain_text("People who manage a team")
        modals.append(results_on(screen))
        expect(screen.modal.locator(".mention")).to_have_count(0)
        screen.close_modal()
        homes.append(screen.home.locator("table").inner_text())
    assert modals[0] == modals[1] == modals[2]
    assert homes[0] == homes[1] == homes[2]
    assert {line for line in modals[0] if line.startswith("Comment ")} >= {"Comment 07 <!channel>"}


def test_hr_says_what_was_done_and_downloads_what_everybody_sees(
    town: Candor, sit_down: SitDown, tmp_path: Path
) -> None:
    closed(town)
    hr, reader = sit_down(HR), sit_down(VOTER)
    results_on(hr)
    hr.press("pulse.reply")
    hr.text_box("reply").fill("The form for reviews says so in its first line.")
    hr.submit()
    expect(hr.modal).to_contain_text("Published.")
    hr.close_modal()
    hr.press("pulse.results")
    lines = results_on(reader)
    where = lines.index("The form for reviews says so in its first line.")
    assert lines[where - 1] == "You said, we did: HR on 25 November 2026, after pulse 1"
    assert BELIEF.clause in lines[:where]
    expect(reader.button("pulse.reply")).to_have_count(0)
    expect(reader.button("pulse.download")).to_have_count(0)

    hr.press("pulse.download")
    expect(hr.modal).to_contain_text("It holds what everybody sees, nothing more.")
    hr.close_modals()
    hr.go_to_dm()
    with hr.download("pulse-results.csv", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    assert {row[6]: row[7] for row in table if row[4] == BELIEF.clause and row[6]} == {
        "everyone": "80 or more",
        "people who manage a team": "not shown",
        "everyone else": "not shown",
    }
    assert sum(row[5].startswith("Comment ") for row in table) == 12


def test_whoever_wants_no_more_invitations_gets_none_until_they_want_them_again(
    town: Candor, sit_down: SitDown
) -> None:
    first = opened(town)
    town.tick_at(MORNING)
    screen = sit_down(VOTER)
    screen.go_to_dm()
    screen.press("pulse.stop_inviting", screen.messages.last)
    screen.page.get_by_test_id("confirm-yes").click()
    expect(screen.modal).to_contain_text("You get no more invitations to a pulse, and no reminders.")
    screen.close_modal()
    finish(town, first)
    town.clock.pass_by(days=14)
    second = opened(town)
    town.tick_at(moment(second, hours=6))
    assert [len(town.dms(person.id)) for person in (VOTER, HR)] == [1, 2]
    expect(screen.messages).to_have_count(1)

    screen.go_home()
    screen.press("pulse.invite_again")
    expect(screen.modal).to_contain_text("You get invitations again")
    screen.close_modal()
    expect(screen.button("pulse.stop_inviting", screen.home)).to_be_visible()
    town.clock.pass_by(days=1)
    town.tick()
    screen.go_to_dm()
    expect(screen.messages).to_have_count(2)
    expect(screen.messages.last).to_contain_text("Pulse 2 is open")
