"""The words that are shown: a verbatim piece of a section, whole paragraphs or lists, around its best sentence."""

import re
from collections.abc import Sequence

from bot.policy.answers.shelf import Shelf
from bot.policy.answers.units import Block

# A paragraph of this many characters is read at a glance; of longer ones, only the part that counts.
AT_A_GLANCE = 480
# One item of a list looks like all that there is: a list is shown whole, up to this many characters.
WHOLE_LIST = 1_500
_PROMISES_MORE = re.compile(r"[:：][*_\"'”’)\]]*\s*$")
_BOLD_ALONE = re.compile(r"^\s*(?:\*{2,3}|_{2,3})[^*_]+(?:\*{2,3}|_{2,3})[.:]?\s*$")


def quote_of(shelf: Shelf, unit: int | None) -> str:
    """The piece of the text to show for its best unit (None: the first). Never empty for a section that has units."""
    best = shelf.units[unit or 0]
    start, end = _listed(shelf, best.block) or _read_at_a_glance(shelf, unit or 0)
    start, end = _completed(shelf, start, end)
    return shelf.section.text[start:end]


def _read_at_a_glance(shelf: Shelf, unit: int) -> tuple[int, int]:
    block = shelf.blocks[shelf.units[unit].block]
    return (block.start, block.end) if block.end - block.start <= AT_A_GLANCE else _sentences(shelf, unit)


def _listed(shelf: Shelf, at: int) -> tuple[int, int] | None:
    """The list or table of a block with the line that introduces it; of one that is too long, the nearest part."""
    blocks = shelf.blocks
    opening = blocks[at].kind == "paragraph"
    if opening and (at + 1 == len(blocks) or blocks[at + 1].kind == "paragraph"):
        return None
    first, last = _run(blocks, at + 1 if opening else at)
    end = blocks[last].end
    start = _introduction(shelf, first, end)
    if end - start <= (AT_A_GLANCE if opening and not _promises_more(shelf, at) else WHOLE_LIST):
        return start, end
    if opening:
        return _part(blocks, start, first, first, last) if _promises_more(shelf, at) else None
    return _part(blocks, start, first, at, last)


def _run(blocks: Sequence[Block], at: int) -> tuple[int, int]:
    first = last = at
    while first > 0 and blocks[first - 1].kind == blocks[at].kind:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind == blocks[at].kind:
        last += 1
    return first, last


def _introduction(shelf: Shelf, first: int, end: int) -> int:
    """Where the paragraph before a list begins; its last sentence, when the whole is too long."""
    if first == 0:
        return shelf.blocks[0].start
    before = shelf.blocks[first - 1]
    if end - before.start <= WHOLE_LIST:
        return before.start
    return max(unit.start for unit in shelf.units if unit.block == first - 1)


def _part(blocks: Sequence[Block], start: int, first: int, at: int, last: int) -> tuple[int, int]:
    """As much of a long list as may be shown: from its introduction on where the item is among it."""
    if blocks[at].end - start <= WHOLE_LIST:
        until = max(each for each in range(at, last + 1) if blocks[each].end - start <= WHOLE_LIST)
        return start, blocks[until].end
    since = until = at
    while since > first and blocks[until].end - blocks[since - 1].start <= WHOLE_LIST:
        since -= 1
    while until < last and blocks[until + 1].end - blocks[since].start <= WHOLE_LIST:
        until += 1
    return blocks[since].start, blocks[until].end


def _completed(shelf: Shelf, start: int, end: int) -> tuple[int, int]:
    """What only announces something (a colon at the end, a line in bold by itself) is shown with what it announces."""
    while _announces(shelf.section.text[start:end]):
        after = [at for at, block in enumerate(shelf.blocks) if block.end > end]
        if not after:
            return _before(shelf, start) or (start, end)
        block = shelf.blocks[after[0]]
        last = after[0] if block.kind == "paragraph" else _run(shelf.blocks, after[0])[1]
        end = shelf.blocks[last].end if shelf.blocks[last].end - start <= WHOLE_LIST else block.end
    return start, end


def _before(shelf: Shelf, start: int) -> tuple[int, int] | None:
    """The last block before that says something by itself."""
    found = [(block.start, block.end) for block in shelf.blocks if block.end <= start]
    said = [span for span in found if not _announces(shelf.section.text[slice(*span)])]
    return said[-1] if said else None


def _announces(text: str) -> bool:
    return bool(_PROMISES_MORE.search(text) or _BOLD_ALONE.match(text))


def _promises_more(shelf: Shelf, at: int) -> bool:
    return _announces(shelf.section.text[shelf.blocks[at].start : shelf.blocks[at].end])


def _sentences(shelf: Shelf, unit: int) -> tuple[int, int]:
    """The best sentence and those after and before it in its block, as many as are read at a glance."""
    first = last = unit
    while True:
        grown = [
            (a, b)
            for a, b in ((first, last + 1), (first - 1, last))
            if a >= 0 and b < len(shelf.units) and _fits(shelf, a, b, shelf.units[unit].block)
        ]
        if not grown:
            return shelf.units[first].start, shelf.units[last].end
        first, last = grown[0]


def _fits(shelf: Shelf, first: int, last: int, block: int) -> bool:
    one, other = shelf.units[first], shelf.units[last]
    return one.block == other.block == block and other.end - one.start <= AT_A_GLANCE
