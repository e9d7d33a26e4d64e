"""Where usage comes from. A file and a live connector are the same thing to the rest: a `Source`."""

from bot.usage.sources.claude_code import CLAUDE_CODE
from bot.usage.sources.copilot import COPILOT
from bot.usage.sources.csv_file import CSV_FILE
from bot.usage.sources.cursor import CURSOR
from bot.usage.sources.source import Source

SOURCES: dict[str, Source] = {source.name: source for source in (CLAUDE_CODE, COPILOT, CURSOR, CSV_FILE)}

__all__ = ["SOURCES", "Source"]
