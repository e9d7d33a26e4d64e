"""A summary as a file: the same rows as on screen, and not a cell more."""

import csv
import io

from bot.files import spreadsheet_text
from bot.teams.summary import Summary, path_words
from bot.teams.words import HEADINGS, rows

# In every row: a row that is copied elsewhere takes it along.
NOTE = "Average of what people chose to report; not a measure of performance"


def as_csv(summary: Summary) -> bytes:
    """Every released week under a header, with what it is not; as a spreadsheet reads it, in UTF-8 with a byte order
    mark."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("Team", *HEADINGS, "Note"))
    team = path_words(summary.path)
    writer.writerows([spreadsheet_text(cell) for cell in (team, *row, NOTE)] for row in rows(summary))
    return text.getvalue().encode("utf-8-sig")


def name_of(summary: Summary) -> str:
    """The file's name, which says its newest week by its Monday: "team-summary-2026-11-02.csv"."""
    newest = "".join(f"-{week}" for week, _ in summary.weeks[-1:])
    return f"team-summary{newest}.csv"
