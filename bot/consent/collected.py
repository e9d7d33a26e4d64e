"""Every field that would be collected, tool by tool, before anybody agrees to it and after."""

from collections.abc import Sequence

from bot.blocks import Block, View, context, divider, header, lines, modal, section
from bot.policy.terms import Terms
from bot.usage.catalogue import ALWAYS, SURFACES, TOOLS, Tool
from storage.consents import ConsentRecord


def collected(terms: Terms, held: ConsentRecord | None) -> View:
    """Every field that these terms keep of each tool with a real example row, and what is left out."""
    blocks: list[Block] = [section(_COLLECTED if held is None else _COLLECTED_OF_YOU)]
    for key, fields in terms.tools.items():
        blocks += _tool(TOOLS[key], fields)
    blocks += [
        header("From you"),
        section(
            "Each week, if you like: hours saved, hours lost to rework, what it helped with, and a line of your own."
        ),
    ]
    return modal("consent.collected_closed", "What is collected", blocks)


_COLLECTED = "Only for tools you choose, only for you. One row for each day and place of use, with these fields:"
_COLLECTED_OF_YOU = (
    "Only for tools you choose, only for you, and only what your own terms keep: the strictest of all versions of the "
    "policy since you agreed. One row for each day and place of use, with these fields:"
)


def _tool(tool: Tool, kept: Sequence[str]) -> list[Block]:
    rows = [f"• *{item.label}*: {item.explanation}" for item in (*ALWAYS, *tool.fields) if _is_kept(item.column, kept)]
    example = "\n".join(
        f"{_column(tool, column)}: {_shown(column, value)}"
        for column, value in tool.example.items()
        if _is_kept(column, kept)
    )
    left_out = [f"{item.label} (not kept under this policy)" for item in tool.fields if item.column not in kept]
    return [
        header(tool.name),
        *lines(rows),
        section(f"An example row (kept with your Slack id, the tool and the number of the import):\n```{example}```"),
        context(f"Never kept of it: {', '.join((*tool.left_out, *left_out))}. {_reach(tool)}"),
        divider(),
    ]


def _is_kept(column: str, kept: Sequence[str]) -> bool:
    return column in kept or any(item.column == column for item in ALWAYS)


def _shown(column: str, value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column == "surface":
        return SURFACES[str(value)]
    return f"{value:,}" if isinstance(value, int) else str(value)


def _column(tool: Tool, column: str) -> str:
    labels: dict[str, str] = {item.column: item.label for item in (*ALWAYS, *tool.fields)}
    return labels.get(column, column.replace("_", " "))


def _reach(tool: Tool) -> str:
    if tool.consent_class == "filtered":
        return "We ask the tool for people who opted in only."
    return "The tool's file covers everybody; rows of people who did not opt in are dropped before anything is stored."
