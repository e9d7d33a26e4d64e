"""Rich text: sections, lists, quotes and preformatted text, and what stands in them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.limits.shape import Check, Shape, boolean, by_type, integer, many, one_of, string, typed

_LIMIT = 100
_TEXT = string(12_000)
_ID = string(255)
_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean))
_STYLED = {"style": _STYLE}

INLINE = by_type(
    {
        "text": typed("text", {"text": _TEXT}, optional=_STYLED),
        "link": typed("link", {"url": string(3000)}, optional={"text": _TEXT, "unsafe": boolean, **_STYLED}),
        "emoji": typed("emoji", {"name": _ID}, optional={"unicode": _ID, "skin_tone": integer(1, 6), **_STYLED}),
        "user": typed("user", {"user_id": _ID}, optional=_STYLED),
        "channel": typed("channel", {"channel_id": _ID}, optional=_STYLED),
        "usergroup": typed("usergroup", {"usergroup_id": _ID}, optional=_STYLED),
        "broadcast": typed("broadcast", {"range": one_of("here", "channel", "everyone")}, optional=_STYLED),
        "color": typed("color", {"value": _ID}),
        "date": typed(
            "date", {"timestamp": integer(0, 9_999_999_999), "format": _TEXT},
            optional={"url": string(3000), "fallback": _TEXT, **_STYLED},
        ),
    }
)  # fmt: skip
_SECTION = typed("rich_text_section", {"elements": many(INLINE, _LIMIT, least=0)})
_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": typed(
        "rich_text_list", {"style": one_of("bullet", "ordered"), "elements": many(_SECTION, _LIMIT)},
        optional={"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
    ),
    "rich_text_quote": typed(
        "rich_text_quote", {"elements": many(INLINE, _LIMIT)}, optional={"border": integer(0, 1)}
    ),
    "rich_text_preformatted": typed(
        "rich_text_preformatted", {"elements": many(INLINE, _LIMIT)},
        optional={"border": integer(0, 1), "language": _ID},
    ),
}  # fmt: skip
RICH_TEXT = typed("rich_text", {"elements": many(by_type(_PARTS), _LIMIT)}, optional={"block_id": _ID})


def length(node: Any) -> int:
    """The characters of all text below a rich text node."""
    if isinstance(node, list):
        return sum(length(each) for each in node)
    if not isinstance(node, dict):
        return 0
    own = len(node["text"]) if isinstance(node.get("text"), str) else 0
    return own + length(node.get("elements", []))
