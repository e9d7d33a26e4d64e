"""One stage and one Chromium for the whole suite; a browser window of its own for every person of a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from bot.demo.stage import Stage, staged
from bot.sandbox.company_people import CompanyPerson
from tests.browser.cast import TODAY
from tests.browser.chromium import chromium
from tests.browser.screen import PATIENCE_MS, Screen

SitDown = Callable[[CompanyPerson | None], Screen]


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo, on the Friday of a fixed week."""
    with staged(tmp_path_factory.mktemp("stage"), TODAY, lambda text: None) as stage:
        yield stage


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as browser:
        yield browser


@pytest.fixture
def sit_down(stage: Stage, browser: Browser) -> Iterator[SitDown]:
    with seated(browser, stage.sandbox.url) as sit_down:
        yield sit_down


@contextmanager
def seated(browser: Browser, url: str) -> Iterator[SitDown]:
    """Opens the workspace's page at `url` as a person. Fails the test when the page complained of anything."""
    screens: list[Screen] = []

    def open_screen(person: CompanyPerson | None) -> Screen:
        screens.append(Screen(browser, url, person))
        return screens[-1]

    yield open_screen
    for screen in screens:
        # The stage is for all tests: a form that is left open would lie over what the person does in the next one.
        screen.close_modals()
        screen.close()
    assert [complaint for screen in screens for complaint in screen.complaints] == []
