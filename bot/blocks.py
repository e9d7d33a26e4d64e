"""Block Kit as plain dicts: the few shapes that every view is made of.

Plain dicts are about thirty times faster than the SDK's classes, and pass blocks that the SDK does not model.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]
Option = tuple[str, str]

TEXT_LIMIT = 3000
# What an option of a list or menu may have.
OPTION_LIMIT = 75


def escape(text: str) -> str:
    """User text on its way into mrkdwn: shown as typed, pings nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Block:
    # emoji=False: what a person typed as ":tada:" stays as typed.
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def plain_section(text: str) -> Block:
    return {"type": "section", "text": plain(text)}


def _literal(text: str) -> Block:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}


def as_typed(text: str) -> Block:
    """A person's own words, quoted and literal: no markup, emoji name or mention in them does anything."""
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [quote]}


def titled_quote(title: str, text: str) -> Block:
    """A quote under its title, both literal; without a title the quote alone."""
    bold = {"type": "text", "text": title, "style": {"bold": True}}
    above = [{"type": "rich_text_section", "elements": [bold]}] if title else []
    return {"type": "rich_text", "elements": [*above, *as_typed(text)["elements"]]}


def shortened(text: str, limit: int) -> str:
    """The beginning of the text, in whole words where it has any, that has at most `limit` characters once escaped."""
    if len(escape(text)) <= limit:
        return text
    kept = text[:limit]
    while len(escape(kept)) > limit:
        kept = kept[: len(kept) - max(1, (len(escape(kept)) - limit) // 5)]
    at = max(kept.rfind(" "), kept.rfind("\n"))
    return kept[:at].rstrip() if at > len(kept) // 2 else kept


def bullets(texts: Iterable[str]) -> Block:
    """A list of literal lines; at least one."""
    items = {"type": "rich_text_list", "style": "bullet", "elements": [_literal(text) for text in texts]}
    return {"type": "rich_text", "elements": [items]}


def fields(texts: Sequence[str]) -> Block:
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def plain_context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text)]}


def divider() -> Block:
    return {"type": "divider"}


def button(text: str, action_id: str, value: str, *, style: str | None = None, confirm: Block | None = None) -> Block:
    element: Block = {"type": "button", "text": plain(text), "action_id": action_id, "value": value}
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    return element


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str) -> Block:
    return {"text": plain(text), "value": value}


def options(pairs: Iterable[Option]) -> list[Block]:
    return [option(text, value) for value, text in pairs]


def input_block(block_id: str, label: str, element: Block, *, optional: bool = False, hint: str | None = None) -> Block:
    """An input of a modal; its element's action_id is the block's own id."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element | {"action_id": block_id},
        "optional": optional,
    }
    return block | {"hint": plain(hint)} if hint else block


def choice(kind: str, pairs: Sequence[Option], chosen: str | None = None) -> Block:
    """`radio_buttons` or `static_select` with (value, text) pairs."""
    element: Block = {"type": kind, "options": options(pairs)}
    if chosen is not None:
        element["initial_option"] = next(o for o in element["options"] if o["value"] == chosen)
    return element


def checkboxes(pairs: Sequence[Option], chosen: Iterable[str] = ()) -> Block:
    element: Block = {"type": "checkboxes", "options": options(pairs)}
    ticked = [o for o in element["options"] if o["value"] in set(chosen)]
    return element | {"initial_options": ticked} if ticked else element


def text_input(*, multiline: bool = False, limit: int = TEXT_LIMIT, value: str | None = None) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": limit}
    return element | {"initial_value": value} if value else element


def enter_field(action_id: str, label: str, *, placeholder: str) -> Block:
    """A field of the Home tab that is heard of when Enter is pressed in it."""
    element = text_input() | {
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {"type": "input", "block_id": action_id, "label": plain(label), "element": element, "dispatch_action": True}


def modal(
    callback_id: str,
    title: str,
    blocks: list[Block],
    *,
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "close": plain(close),
        "private_metadata": metadata,
        "blocks": blocks,
    }
    return view | {"submit": plain(submit)} if submit else view


def notice(title: str, *texts: str) -> View:
    """A modal that only says something."""
    return modal("notice", title, [section(text) for text in texts])


def lines(rows: Iterable[str]) -> list[Block]:
    """Rows of text as few sections as Slack's 3,000 characters a section allow; long rows are broken, never cut."""
    sections: list[str] = []
    for row in rows:
        for piece in (row[i : i + TEXT_LIMIT] for i in range(0, max(len(row), 1), TEXT_LIMIT)):
            if sections and len(sections[-1]) + 1 + len(piece) <= TEXT_LIMIT:
                sections[-1] += "\n" + piece
            else:
                sections.append(piece)
    return [section(text) for text in sections]
