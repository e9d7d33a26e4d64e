"""The pictures of the documentation, taken in the local workspace: `python -m tests.browser.pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator, expect

from bot.demo.stage import staged
from bot.sandbox.company import COMPANY
from bot.sandbox.company_people import CompanyPerson
from tests.browser.cast import READER, TODAY
from tests.browser.chromium import chromium
from tests.browser.png import shrunk
from tests.browser.screen import Screen

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WITH_HISTORY = COMPANY.person("Orla Brennan")
SCALE = 2
MARGIN = 12
TALL = {"width": 1180, "height": 3600}


def take_all(folder: Path) -> None:
    """Set the stage anew and write every picture into `folder`."""
    with (
        tempfile.TemporaryDirectory() as stage_folder,
        staged(Path(stage_folder), TODAY, lambda text: None) as stage,
        chromium() as browser,
    ):
        url = stage.sandbox.url
        _digest(_screen(browser, url, WITH_HISTORY), folder / "digest.png")
        _home(_screen(browser, url, READER), folder / "home.png")
        _collected(_screen(browser, url, READER), folder / "collected.png")


def _screen(browser: Browser, url: str, person: CompanyPerson) -> Screen:
    """Tall enough that nothing has to be scrolled."""
    screen = Screen(browser, url, person, scale=SCALE)
    screen.page.set_viewport_size({"width": TALL["width"], "height": TALL["height"]})
    return screen


def _digest(screen: Screen, path: Path) -> None:
    screen.go_to_dm()
    expect(screen.charts(screen.digest).locator("svg")).to_have_count(2)
    _take(screen, path, screen.digest)


def _home(screen: Screen, path: Path) -> None:
    expect(screen.button("consent.open")).to_be_visible()
    blocks = screen.home.locator(".block")
    _take(screen, path, blocks.first, blocks.last)


def _collected(screen: Screen, path: Path) -> None:
    """The form as far as the first tool goes."""
    screen.press("consent.collected")
    screen.modal.evaluate("modal => { modal.style.maxHeight = 'none' }")
    _take(screen, path, screen.modal, screen.modal.locator("hr").first)


def _take(screen: Screen, path: Path, first: Locator, last: Locator | None = None) -> None:
    """Write the picture of what stands between two elements, as wide as the first, and close the window."""
    screen.page.mouse.move(0, 0)
    begin, end = first.bounding_box(), (last or first).bounding_box()
    assert begin is not None and end is not None
    picture = screen.page.screenshot(clip=_between(begin, end), animations="disabled")
    screen.close()
    path.write_bytes(shrunk(picture))
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} KB")


def _between(begin: FloatRect, end: FloatRect) -> FloatRect:
    bottom = end["y"] + end["height"] + MARGIN
    return {
        "x": begin["x"] - MARGIN,
        "y": begin["y"] - MARGIN,
        "width": begin["width"] + 2 * MARGIN,
        "height": bottom - begin["y"] + MARGIN,
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    take_all(FOLDER)
