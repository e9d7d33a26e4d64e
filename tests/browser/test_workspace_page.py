"""The page of the local workspace by itself, with an app of a few lines behind it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.company import COMPANY
from bot.sandbox.company_people import CompanyPerson
from bot.sandbox.server import Sandbox
from tests.browser.screen import Screen
from tests.sandbox.acts import heard, listens
from tests.sandbox.conftest import MANIFEST
from tests.sandbox.samples import actions, button, field, home, modal, option, plain, section, select, text_input

Json = dict[str, Any]

ME: CompanyPerson = COMPANY.employees[0]
ON_ENTER = {"dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(manifest=MANIFEST) as started:
        for person in COMPANY.people:
            started.workspace.add_user(**person.account())
        for group in COMPANY.usergroups:
            started.workspace.add_usergroup(**group._asdict())
        yield started


@pytest.fixture
def client(sandbox: Sandbox) -> WebClient:
    return WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def app(sandbox: Sandbox, client: WebClient) -> App:
    app = App(client=client, signing_secret=sandbox.signing_secret)
    sandbox.deliver_inline(app)
    return app


@pytest.fixture
def screen(sandbox: Sandbox, browser: Browser) -> Iterator[Screen]:
    """The page as `ME` sees it; the test fails when the page complained of anything."""
    screen = Screen(browser, sandbox.url, ME)
    yield screen
    screen.close()
    assert screen.complaints == []


def test_a_file_is_dropped_into_the_conversation_and_shown_there(sandbox: Sandbox, app: App, screen: Screen) -> None:
    events = heard(app)
    screen.go_to_dm()
    screen.attach("Policy 2.md", b"# Who sees it\n")
    shown = screen.messages.last.get_by_test_id("file")
    expect(shown).to_contain_text("Policy 2.md")
    expect(shown).to_contain_text("14 bytes")
    assert sandbox.wait_for(lambda _: events)
    assert (events[0]["subtype"], events[0]["files"][0]["name"]) == ("file_share", "Policy 2.md")
    with screen.page.expect_download() as saved:
        shown.click()
    assert Path(saved.value.path()).read_bytes() == b"# Who sees it\n"


def test_a_thread_is_answered_until_it_is_left(sandbox: Sandbox, app: App, client: WebClient, screen: Screen) -> None:
    events = heard(app)
    client.chat_postMessage(channel=ME.id, text="What would you like to know?")
    screen.go_to_dm()
    screen.answer_in_thread(screen.messages.first)
    screen.say("How long is it kept?")
    expect(screen.messages.nth(1)).to_contain_text("How long is it kept?")
    expect(screen.messages.nth(1)).to_contain_text("in reply")
    screen.attach("a.md", b"x")
    expect(screen.messages).to_have_count(3)
    screen.say("/candor help")
    expect(screen.page.get_by_test_id("toast")).to_contain_text("Commands do not work in threads")
    screen.page.get_by_test_id("composer-text").fill("")
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_test_id("thread")).to_be_hidden()
    screen.answer_in_thread(screen.messages.first)
    screen.leave_thread()
    screen.say("Something else")
    expect(screen.messages).to_have_count(4)
    assert sandbox.wait_for(lambda _: len(events) == 3)
    first = sandbox.workspace.log[0].ts
    assert [event.get("thread_ts") for event in events] == [first, first, None]


def test_enter_sends_what_was_typed_on_the_home_tab(
    sandbox: Sandbox, app: App, client: WebClient, screen: Screen
) -> None:
    seen = listens(app, "ask")
    ask = field(text_input(action_id="ask", max_length=20, **ON_ENTER), dispatch_action=True)
    client.views_publish(user_id=ME.id, view=home(ask))
    screen.go_home()
    expect(screen.home).to_contain_text("Press Enter to send")
    screen.type_into("ask", "x" * 21)
    expect(screen.home.get_by_test_id("field-error")).to_contain_text("at most 20 characters")
    screen.type_into("ask", "Who sees it?")
    assert sandbox.wait_for(lambda _: seen)
    assert [body["actions"][0]["value"] for body in seen] == ["Who sees it?"]


def test_a_date_is_chosen_in_a_modal(sandbox: Sandbox, app: App, client: WebClient, screen: Screen) -> None:
    chosen: list[str] = []

    def go(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        view = modal(field({"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"}))
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def submitted(ack: Any, view: Json) -> None:
        ack()
        chosen.append(view["state"]["values"]["b"]["day"]["selected_date"])

    app.action("go")(go)
    app.view("m")(submitted)
    client.chat_postMessage(channel=ME.id, text="x", blocks=[actions(button("go"))])
    screen.go_to_dm()
    screen.press("go")
    expect(screen.text_box("b")).to_have_value("2026-12-01")
    screen.text_box("b").fill("2026-12-24")
    screen.submit()
    expect(screen.modal).to_be_hidden()
    assert chosen == ["2026-12-24"]


@pytest.mark.parametrize("place", ["home", "message"])
def test_menus_tell_the_app_what_was_chosen(
    sandbox: Sandbox, app: App, client: WebClient, screen: Screen, place: str
) -> None:
    picked, more = listens(app, "pick"), listens(app, "more")
    menu = {"type": "overflow", "action_id": "more", "options": [option("a"), option("b")]}
    blocks = [section("One", accessory=menu), actions(select("v1", "v2", placeholder=plain("Version")))]
    if place == "home":
        client.views_publish(user_id=ME.id, view=home(*blocks))
        screen.go_home()
    else:
        client.chat_postMessage(channel=ME.id, text="x", blocks=blocks)
        screen.go_to_dm()
    screen.choose("pick", "v2")
    screen.choose_from_menu("more", "b")
    assert sandbox.wait_for(lambda _: picked and more)
    assert [body["actions"][0]["selected_option"]["value"] for body in picked + more] == ["v2", "b"]


def test_rich_text_shows_what_went_and_what_came(sandbox: Sandbox, app: App, client: WebClient, screen: Screen) -> None:
    def part(kind: str, *elements: Json) -> Json:
        return {"type": kind, "elements": list(elements)}

    old = {"type": "text", "text": "26 weeks", "style": {"strike": True}}
    new = {"type": "text", "text": "12 weeks", "style": {"bold": True}}
    group = {"type": "usergroup", "usergroup_id": COMPANY.usergroups[0].id}
    blocks = [
        part(
            "rich_text",
            part("rich_text_section", old, {"type": "text", "text": " "}, new, group),
            part("rich_text_quote", {"type": "text", "text": "Usage is kept\nfor 12 weeks."}),
            part("rich_text_preformatted", {"type": "text", "text": "a = 1"}),
        )
    ]
    client.chat_postMessage(channel=ME.id, text="x", blocks=blocks)
    screen.go_to_dm()
    shown = screen.messages.last
    expect(shown.locator("s")).to_have_text("26 weeks")
    expect(shown.locator("strong")).to_have_text("12 weeks")
    expect(shown.locator("blockquote br")).to_have_count(1)
    expect(shown.locator("pre")).to_have_text("a = 1")
    expect(shown.locator(".mention")).to_have_text("@hr")


def test_a_table_is_drawn_in_messages_and_on_the_home_tab(
    sandbox: Sandbox, app: App, client: WebClient, screen: Screen
) -> None:
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in (("Term", "Value"), ("usage", "12"))]
    table = {"type": "table", "rows": cells, "column_settings": [{"is_wrapped": True}, {"align": "right"}]}
    client.views_publish(user_id=ME.id, view=home(table))
    client.chat_postMessage(channel=ME.id, text="x", blocks=[table])
    screen.go_home()
    expect(screen.home.get_by_role("columnheader")).to_have_text(["Term", "Value"])
    screen.go_to_dm()
    expect(screen.messages.last.get_by_role("cell")).to_have_text(["usage", "12"])


def test_long_sections_of_messages_are_folded_unless_the_app_expands_them(
    sandbox: Sandbox, app: App, client: WebClient, screen: Screen
) -> None:
    text = "Usage is kept for twelve weeks. " * 93
    client.chat_postMessage(channel=ME.id, text="x", blocks=[section(text.strip()), section(text.strip(), expand=True)])
    screen.go_to_dm()
    more = screen.messages.last.get_by_test_id("see-more")
    expect(more).to_have_count(1)
    folded, whole = screen.messages.last.locator(".text").all()
    assert _height(folded) * 2 < _height(whole)
    more.click()
    expect(more).to_have_text("See less")
    assert _height(folded) == _height(whole)


def _height(box: Locator) -> float:
    return float(box.evaluate("node => node.getBoundingClientRect().height"))
