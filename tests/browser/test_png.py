"""The pictures' own tool: a screenshot that is made smaller still shows the same."""

import base64

import pytest
from playwright.sync_api import Browser

from tests.browser.png import shrunk

PAGE = """<body style="margin:0;font:20px serif"><p>Your week</p>
<div style="width:90px;height:30px;background:linear-gradient(90deg,#fff,#000)"></div><img id="again"></body>"""
DRAW = """async address => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  return [...canvas.getImageData(0, 0, image.width, image.height).data];
}"""


def test_a_smaller_picture_has_the_same_pixels_when_256_colours_suffice(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 120, "height": 100})
    page.set_content(PAGE)
    png = page.screenshot()
    pixels = [page.evaluate(DRAW, _address(picture)) for picture in (png, shrunk(png))]
    page.close()
    assert len(pixels[0]) == 120 * 100 * 4
    assert pixels[0] == pixels[1]


def _address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def test_what_is_not_a_screenshot_is_refused(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 10, "height": 10})
    png = bytearray(page.screenshot())
    page.close()
    png[25] = 6  # the kind of colours: with transparency
    with pytest.raises(ValueError, match="not a screenshot"):
        shrunk(bytes(png))
