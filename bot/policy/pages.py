"""Long texts in a modal, a page at a time: Slack takes 100 blocks and 250,000 bytes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.blocks import Block, actions, button

BLOCKS, BYTES = 70, 40_000


@dataclass(frozen=True)
class Page:
    """One page of several, counted from 0."""

    blocks: Sequence[Block]
    number: int
    pages: int


def page_of(blocks: Sequence[Block], number: int) -> Page:
    """The page with this number, or the nearest that there is."""
    pages = list(_pages(blocks)) or [[]]
    number = max(0, min(number, len(pages) - 1))
    return Page(pages[number], number, len(pages))


def _pages(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    page: list[Block] = []
    size = 0
    for block in blocks:
        own = len(json.dumps(block))
        if page and (len(page) >= BLOCKS or size + own > BYTES):
            yield page
            page, size = [], 0
        page.append(block)
        size += own
    if page:
        yield page


def turns(page: Page, action: str, value: str) -> list[Block]:
    """Buttons to the pages beside this one: `action`.before and `action`.next, which carry `value` and the number."""
    buttons = []
    if page.number > 0:
        buttons.append(button("Page before", f"{action}.before", f"{value}:{page.number - 1}"))
    if page.number + 1 < page.pages:
        buttons.append(
            button(f"Next page ({page.number + 2} of {page.pages})", f"{action}.next", f"{value}:{page.number + 1}")
        )
    return [actions(*buttons)] if buttons else []
