"""What blocks say, as one text: who has a message read out hears this and nothing else."""

from collections.abc import Iterable, Iterator, Sequence

from bot.blocks import Block, escape

TEXT = 3900


def spoken(blocks: Sequence[Block]) -> str:
    """All that these blocks say, a line each, with the names of the buttons; as mrkdwn, as long as Slack takes."""
    return shortened("\n".join(filter(None, map(_block, blocks))))


def shortened(text: str) -> str:
    """The text, as far as Slack takes it, not cut off within an escaped character."""
    if len(text) <= TEXT:
        return text
    kept = text[: TEXT - 1]
    return f"{kept[: kept.rfind('&')] if '&' in kept[-5:] else kept}…"


def buttons_words(elements: Iterable[Block]) -> str:
    """The buttons in words: “Buttons: Publish; Discard.”"""
    names = [escape(element["text"]["text"]) for element in elements if element.get("type") == "button"]
    return f"{'Button' if len(names) == 1 else 'Buttons'}: {'; '.join(names)}." if names else ""


def _block(block: Block) -> str:
    match block["type"]:
        case "section":
            return _text(block["text"])
        case "context":
            return " ".join(map(_text, block["elements"]))
        case "rich_text":
            return "\n".join(escape(line) for part in block["elements"] for line in _lines(part))
        case "actions":
            return buttons_words(block["elements"])
    return ""


def _text(of: Block) -> str:
    return str(of["text"]) if of["type"] == "mrkdwn" else escape(of["text"])


def _lines(part: Block) -> Iterator[str]:
    """A list's items are a line each; all else is one."""
    if part["type"] == "rich_text_list":
        yield from (f"• {_words(item)}" for item in part["elements"])
    else:
        yield _words(part)


def _words(part: Block) -> str:
    return "".join(element.get("text", "") for element in part["elements"])
