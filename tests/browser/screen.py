"""One person at the page: what they can reach with mouse and keyboard, and nothing beyond it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, FilePayload, Locator, Page, expect

from bot.sandbox.company_people import CompanyPerson

PATIENCE_MS = 10_000
WINDOW = {"width": 1280, "height": 900}
MOST_TABS = 80


class Screen:
    """A browser of one's own, showing the workspace as `person` (nobody as yet, when None)."""

    def __init__(self, browser: Browser, url: str, person: CompanyPerson | None, *, scale: float = 1) -> None:
        self.complaints: list[str] = []
        self._url = url
        self._context: BrowserContext = browser.new_context(
            viewport={"width": WINDOW["width"], "height": WINDOW["height"]},
            device_scale_factor=scale,
            locale="en-GB",
            reduced_motion="reduce",
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("console", self._on_console)
        self.page.goto(f"{url}/#{person.id}/home" if person else url)

    def _on_console(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(f"console: {said.text}")

    def close(self) -> None:
        """Close the browser window."""
        self._context.close()

    # Places

    @property
    def home(self) -> Locator:
        return self.page.get_by_test_id("home")

    @property
    def messages(self) -> Locator:
        """The messages of the conversation on screen, oldest first."""
        return self.page.get_by_test_id("message")

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal")

    def go_home(self) -> None:
        """Open the Home tab; what the app publishes when it hears of that may draw it anew."""
        self._go('[data-conversation-id="home"]')
        expect(self.home).not_to_have_attribute("aria-busy", "true")

    def go_to_dm(self) -> None:
        """Open the person's conversation with the app."""
        self._go('[data-conversation-id^="D"]')

    def go_to_channel(self, channel_id: str) -> None:
        self._go(f'[data-conversation-id="{channel_id}"]')

    def _go(self, place: str) -> None:
        link = self.page.locator(f'[data-testid="conversation"]{place}')
        link.click()
        expect(link).to_have_attribute("aria-current", "page")

    # What is there

    @property
    def digest(self) -> Locator:
        """The newest weekly message in the DM."""
        return self.digests.last

    @property
    def digests(self) -> Locator:
        title = self.page.get_by_role("heading", name=re.compile("^Your week, "))
        return self.messages.filter(has=title)

    def charts(self, message: Locator) -> Locator:
        return message.get_by_test_id("chart")

    def button(self, action_id: str, within: Locator | None = None) -> Locator:
        return (within or self.page.locator("body")).locator(f'[data-testid="button"][data-action-id="{action_id}"]')

    def field(self, block_id: str) -> Locator:
        return self.modal.locator(f'[data-testid="field"][data-block-id="{block_id}"]')

    def text_box(self, block_id: str) -> Locator:
        return self.modal.locator(f'[data-testid="input"][data-block-id="{block_id}"]')

    # Acts

    def press(self, action_id: str, within: Locator | None = None) -> None:
        """Press the button with this action id, the last one where there are several."""
        self.button(action_id, within).last.click()

    def tick(self, block_id: str, *values: str) -> None:
        """Choose radio buttons or checkboxes of a modal's field."""
        for value in values:
            self.field(block_id).locator(f'input[value="{value}"]').check()

    def submit(self) -> None:
        self.modal.get_by_test_id("modal-submit").click()

    def close_modal(self) -> None:
        # Like Slack's, a form that is being sent cannot be closed.
        expect(self.modal).not_to_have_attribute("aria-busy", "true")
        self.modal.get_by_test_id("modal-close").click()
        expect(self.modal).to_be_hidden()

    def close_modals(self) -> None:
        """Close every modal, the top one first."""
        while self.modal.is_visible():
            shown = self.modal.get_attribute("data-view-id")
            expect(self.modal).not_to_have_attribute("aria-busy", "true")
            self.modal.get_by_test_id("modal-close").click()
            expect(self.page.locator(f'[data-testid="modal"][open][data-view-id="{shown}"]')).to_have_count(0)

    def say(self, text: str) -> None:
        """Type into the conversation on screen, and send it."""
        self.page.get_by_test_id("composer-text").fill(text)
        self.page.get_by_test_id("composer-send").click()

    def attach(self, name: str, content: bytes) -> None:
        """Drop a file into the conversation on screen."""
        file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.get_by_test_id("composer-file").set_input_files(file)

    def download(self, name: str, folder: Path) -> Path:
        """Save the newest file of this name in the conversation on screen."""
        with self.page.expect_download() as waiting:
            self.page.get_by_test_id("file").filter(has_text=name).last.click()
        assert waiting.value.suggested_filename == name
        waiting.value.save_as(folder / name)
        return folder / name

    def answer_in_thread(self, message: Locator) -> None:
        """From now on, what is said goes into the thread that this message begins, until `leave_thread`."""
        message.hover()
        message.get_by_test_id("reply").click()
        expect(self.page.get_by_test_id("thread")).to_be_visible()

    def leave_thread(self) -> None:
        self.page.get_by_test_id("thread-leave").click()

    def input(self, action_id: str, within: Locator | None = None) -> Locator:
        """The field with this action id, on whatever is on screen."""
        return (within or self.page.locator("body")).locator(f'[data-testid="input"][data-action-id="{action_id}"]')

    def type_into(self, action_id: str, text: str) -> None:
        """Type into a field and press Enter."""
        self.input(action_id).last.fill(text)
        self.input(action_id).last.press("Enter")

    def choose(self, action_id: str, value: str) -> None:
        """Choose from a drop-down menu, by the option's value."""
        self.input(action_id).last.select_option(value)

    def choose_from_menu(self, action_id: str, value: str) -> None:
        """Choose from an overflow menu, by the option's value."""
        opener = self.page.locator(f'[data-testid="overflow"][data-action-id="{action_id}"]').last
        opener.click()
        self.page.locator(f'#{opener.get_attribute("aria-controls")} [data-value="{value}"]').click()

    def report(self, *, saved: str = "1to2", rework: str = "lt1", helped: str = "writing", note: str = "") -> None:
        """Fill in and send the check-in that is open."""
        expect(self.modal).to_contain_text("Only you see what you report")
        self.tick("saved", saved)
        self.tick("rework", rework)
        self.tick("helped", helped)
        self.text_box("note").fill(note)
        self.submit()
        expect(self.modal).to_be_hidden()

    # By keyboard alone

    def tab_to(self, selector: str) -> None:
        """Press Tab until the focus is on what the CSS selector names."""
        self.press_until("Tab", lambda: self.has_focus(selector))

    def press_until(self, key: str, arrived: Callable[[], bool]) -> None:
        for _ in range(MOST_TABS):
            if arrived():
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead there")

    def has_focus(self, selector: str) -> bool:
        return bool(self.page.evaluate("selector => document.activeElement.matches(selector)", selector))
