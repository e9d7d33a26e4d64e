"""Block Kit as plain text, for a terminal."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]


def as_text(blocks: Sequence[Block]) -> str:
    """The blocks of a message or view, a paragraph each."""
    return "\n".join(line for block in blocks for line in _block(block))


def _block(block: Block) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"== {_plain(block['text'])} =="
        case "section":
            yield from (_plain(text) for text in [block.get("text"), *block.get("fields", [])] if text)
            if accessory := block.get("accessory"):
                yield _element(accessory)
        case "context":
            yield from (f"({_plain(text)})" for text in block["elements"])
        case "actions":
            yield "  ".join(_element(element) for element in block["elements"])
        case "input":
            yield f"{_plain(block['label'])}: {_element(block['element'])}"
            yield from (f"  ({_plain(hint)})" for hint in [block.get("hint")] if hint)
        case "rich_text":
            yield from (f"  {text}" for text in _literals(block))
        case "divider":
            yield "-" * 40
        case _:
            yield from _figures(block)


def _figures(block: Block) -> Iterator[str]:
    match block["type"]:
        case "data_visualization":
            yield from _chart(block)
        case "table":
            yield from _table(block)


def _plain(text: Block) -> str:
    return re.sub(r"^_(.*)_$", r"\1", html.unescape(str(text["text"])).replace("*", ""), flags=re.MULTILINE)


def _literals(node: Any) -> Iterator[str]:
    """The texts of a rich_text block, in order."""
    if node.get("type") == "text":
        yield node["text"]
    for inner in node.get("elements", []):
        yield from _literals(inner)


def _element(element: Block) -> str:
    if element["type"] == "button":
        return f"[{_plain(element['text'])}]"
    offered = " | ".join(_plain(option["text"]) for option in element.get("options", []))
    return f"<{offered}>" if offered else "<...>"


def _chart(block: Block) -> Iterator[str]:
    chart = block["chart"]
    yield f"[chart] {block['title']}"
    yield "    " + " ".join(f"{label:>8}" for label in ["", *chart["axis_config"]["categories"]])
    for series in chart["series"]:
        yield f"    {series['name'][:16]:<16}" + " ".join(f"{point['value']:>8}" for point in series["data"])


def _table(block: Block) -> Iterator[str]:
    """Its rows in columns."""
    rows = [[str(cell["text"]) for cell in row] for row in block["rows"]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "    " + "  ".join(map(str.ljust, row, widths)).rstrip()
