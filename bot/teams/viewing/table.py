"""A summary as a file: the same rows as on screen, and not a cell more."""

import csv
import io

from bot.files import spreadsheet_text
from bot.teams.summary import Summary
from bot.teams.words import HEADINGS, rows


def as_csv(summary: Summary) -> bytes:
    """Every released week under a header, as a spreadsheet reads them; UTF-8 with a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("Team", *HEADINGS))
    team = summary.path or "The whole company"
    writer.writerows([spreadsheet_text(cell) for cell in (team, *row)] for row in rows(summary))
    return text.getvalue().encode("utf-8-sig")
