"""A policy's Markdown as rich text: paragraphs, lists, quotes and emphasis.

Everything else is shown as it was typed: no HTML, link or mention in it does anything.
"""

from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.blocks import Block

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_STYLES = {"strong_open": ("bold", True), "strong_close": ("bold", False)}
_STYLES |= {"em_open": ("italic", True), "em_close": ("italic", False)}
# Slack takes a hundred elements in a row, and text of 12,000 characters; both are far more than people read at once.
ROW = 90
TEXT = 2900


def rich_text(body: str) -> list[Block]:
    """A clause's body as `rich_text` blocks, each no longer than people read at once."""
    blocks: list[Block] = []
    room = 0
    for part in _parts(_MARKDOWN.parse(body)):
        length = characters(part)
        if length > room or len(blocks[-1]["elements"]) >= ROW:
            blocks.append({"type": "rich_text", "elements": []})
            room = TEXT
        blocks[-1]["elements"].append(part)
        room -= length
    return blocks


def characters(node: Block) -> int:
    """The characters of all text in a part of rich text."""
    return len(node.get("text", "")) + sum(characters(each) for each in node.get("elements", []))


def literal(text: str, *styles: str) -> list[Block]:
    """The text as elements that Slack shows as they are."""
    style = {"style": dict.fromkeys(styles, True)} if styles else {}
    return [{"type": "text", "text": piece, **style} for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that are short enough, each to the end of a sentence, or of a word, where there is one."""
    while len(text) > TEXT:
        ends = (at + len(mark) for mark in (". ", " ") if (at := text.rfind(mark, TEXT // 2, TEXT)) > 0)
        end = next(ends, TEXT)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def section(elements: Iterable[Block]) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _parts(tokens: list[Token]) -> Iterator[Block]:
    lists: list[Block] = []
    quoted = first = 0
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                # Slack's lists are flat: what came before an inner list goes before it.
                yield from _so_far(lists)
                lists.append(_list(token.type, len(lists)))
            case "bullet_list_close" | "ordered_list_close":
                yield from _so_far(lists)
                lists.pop()
            case "list_item_open":
                first = 1
            case "blockquote_open" | "blockquote_close":
                quoted += 1 if token.type.endswith("open") else -1
            case "inline":
                elements = list(_inline(token.children or []))
                if lists:
                    _into_list(lists[-1], elements, new=bool(first))
                    first = 0
                else:
                    yield from _rows("rich_text_quote" if quoted else "rich_text_section", elements)
            case "fence" | "code_block":
                yield from _rows("rich_text_preformatted", literal(token.content.rstrip("\n")))
            case "hr":
                yield section(literal("———"))


def _into_list(into: Block, elements: list[Block], *, new: bool) -> None:
    items = into["elements"]
    if not new and items:
        elements = [*items.pop()["elements"], *literal("\n"), *elements]
    items += [section(row) for row in _chunks(elements)]


def _list(opening: str, depth: int) -> Block:
    style = "bullet" if opening.startswith("bullet") else "ordered"
    return {"type": "rich_text_list", "style": style, "indent": min(depth, 8), "offset": 0, "elements": []}


def _so_far(lists: list[Block]) -> Iterator[Block]:
    """The items that the innermost list has so far; what follows goes on counting."""
    if not lists:
        return
    whole = lists[-1]
    for row in _chunks(whole["elements"]):
        yield {**whole, "elements": row}
        whole["offset"] += len(row)
    whole["elements"] = []


def _rows(kind: str, elements: list[Block]) -> Iterator[Block]:
    return ({"type": kind, "elements": row} for row in _chunks(elements))


def _chunks(elements: Iterable[Block]) -> Iterator[list[Block]]:
    row: list[Block] = []
    for element in elements:
        if row and (len(row) >= ROW or sum(map(characters, row)) + characters(element) > TEXT):
            yield row
            row = []
        row.append(element)
    if row:
        yield row


def _inline(tokens: list[Token]) -> Iterator[Block]:
    styles: dict[str, bool] = {}
    addresses: list[str] = []
    for token in tokens:
        if token.type in _STYLES:
            name, on = _STYLES[token.type]
            styles[name] = on
            continue
        text = token.content
        if token.type == "softbreak":
            text = " "
        elif token.type == "hardbreak":
            text = "\n"
        elif token.type == "link_open":
            addresses.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            text = f" ({addresses.pop()})" if addresses[-1] else addresses.pop()
        elif token.type == "image":
            text = f"{token.content} ({token.attrGet('src')})"
        code = ("code",) if token.type == "code_inline" else ()
        yield from literal(text, *(name for name, on in styles.items() if on), *code)
