"""Organisation health as a modal: a table for each season, then what to make of it."""

from collections.abc import Sequence
from itertools import groupby

from bot.blocks import Block, View, button, context, divider, escape, modal, section
from bot.edge import ref
from bot.teams.health import words
from bot.teams.health.drift import Week
from bot.teams.health.reading import Health
from bot.teams.words import NOT_SHOWN, WAS_WRITTEN_DOWN


def health_button(user: str) -> Block:
    """For HR's section of the Home tab."""
    return button(words.TITLE, "teams.health", ref(user))


def health_modal(health: Health) -> View:
    """All of it."""
    blocks = [
        section(words.ABOUT),
        *(_season(number, list(weeks)) for number, weeks in groupby(health.weeks, lambda week: week.season)),
        *_below(health),
        divider(),
        section(f"{words.GAMING_TITLE}\n{escape(words.gaming_words(health.gaming))}"),
    ]
    return modal("teams.health_closed", words.TITLE, blocks)


def _below(health: Health) -> list[Block]:
    if not health.weeks:
        return [section(NOT_SHOWN)]
    return [context(*words.CAVEATS), divider(), section(words.DRIFT[health.drift]), context(WAS_WRITTEN_DOWN)]


def _season(number: int, weeks: Sequence[Week]) -> Block:
    """A season's weeks as text in columns: modals take neither a native table nor a chart."""
    rows = [words.HEADINGS, *map(words.row, weeks)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    text = {"type": "text", "text": "\n".join([f"Season {number}", *lines])}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [text]}]}
