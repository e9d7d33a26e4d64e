"""The words that are shown: a verbatim piece of a section, whole paragraphs or list items, around its best sentence."""

from collections.abc import Sequence

from bot.policy.answers.shelf import Shelf
from bot.policy.answers.units import Block

# A section or a list of this many characters is read at a glance; of longer ones, only the part that counts.
AT_A_GLANCE = 480


def quote_of(shelf: Shelf, unit: int | None) -> str:
    """The piece of the text to show for its best unit (None: the first). Never empty for a section that has units."""
    best = shelf.units[unit or 0]
    first, last = _with_neighbours(shelf.blocks, best.block)
    start, end = shelf.blocks[first].start, shelf.blocks[last].end
    if end - start <= AT_A_GLANCE:
        return shelf.section.text[start:end]
    block = shelf.blocks[best.block]
    if block.end - block.start <= AT_A_GLANCE:
        return shelf.section.text[block.start : block.end]
    return _sentences(shelf, unit or 0)


def _with_neighbours(blocks: Sequence[Block], at: int) -> tuple[int, int]:
    """A list or table whole, with the line before it: an item by itself may say the opposite of what is meant."""
    kind = blocks[at].kind
    first = last = at
    if kind != "paragraph":
        while first > 0 and blocks[first - 1].kind == kind:
            first -= 1
        while last + 1 < len(blocks) and blocks[last + 1].kind == kind:
            last += 1
        return max(0, first - 1), last
    while last + 1 < len(blocks) and blocks[last + 1].kind != "paragraph":
        last += 1
    return first, last


def _sentences(shelf: Shelf, unit: int) -> str:
    """The best sentence and those after and before it in its block, as many as are read at a glance."""
    first = last = unit
    while True:
        grown = [
            (a, b)
            for a, b in ((first, last + 1), (first - 1, last))
            if a >= 0 and b < len(shelf.units) and _fits(shelf, a, b, shelf.units[unit].block)
        ]
        if not grown:
            return shelf.section.text[shelf.units[first].start : shelf.units[last].end]
        first, last = grown[0]


def _fits(shelf: Shelf, first: int, last: int, block: int) -> bool:
    one, other = shelf.units[first], shelf.units[last]
    return one.block == other.block == block and other.end - one.start <= AT_A_GLANCE
