"""All results as one table: what the download and the command line give, and not a cell more than everybody sees."""

import csv
import io
from collections.abc import Iterator, Sequence

from bot.files import spreadsheet_text
from bot.pulse.results.reading import Item, Promise, Results
from bot.pulse.results.words import PARTS, table_rows

HEADER = (
    "Part", "Pulse", "Day", "Policy version", "Promise or question", "Source, comment or reply", "Who",
    "Agree, of 100 with an opinion", "Do not know, of 100 who answered",
)  # fmt: skip
REPLY = "You said, we did"

Row = tuple[str, ...]


def rows(results: Results, comments: Sequence[str]) -> list[Row]:
    """Every line of the results, with as many cells as `HEADER`; `comments` are those of the newest pulse."""
    wave = results.commented
    number = str(wave.number) if wave else ""
    return [
        *(row for promise in results.promises for row in _promise(promise)),
        *(row for item in results.items for row in _item(item, item.question.text)),
        *((PARTS["comment"], number, "", "", "", text, "", "", "") for text in comments),
    ]


def as_csv(table: Sequence[Row]) -> bytes:
    """The rows under their header, as a spreadsheet reads them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows([spreadsheet_text(cell) for cell in row] for row in table)
    return text.getvalue().encode("utf-8-sig")


def _promise(promise: Promise) -> Iterator[Row]:
    if promise.item is None:
        yield (PARTS["belief"], "", "", "", promise.clause, "never asked", "", "", "")
    else:
        yield from _item(promise.item, promise.clause)
    for reply in promise.replies:
        yield (REPLY, str(reply.pulse), reply.day.isoformat(), "", promise.clause, reply.text, "", "", "")


def _item(item: Item, about: str) -> Iterator[Row]:
    question = item.question
    for answer in item.answers:
        of = (PARTS[question.kind], str(answer.pulse), answer.asked.isoformat(), str(answer.version), about)
        for row in table_rows(answer):
            yield (*of, question.source, *row)
