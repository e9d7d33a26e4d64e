"""A summary as Block Kit: the same pieces for the manager, HR and whoever counts in it."""

from collections.abc import Sequence

from bot.blocks import Block, bullets, context, divider, escape, header, section
from bot.teams import words
from bot.teams.cells import Cell
from bot.teams.summary import Summary
from bot.weeks import short_day

_TITLE = "Hours per person, as reported"


def summary_blocks(summary: Summary) -> list[Block]:
    """For a message: the newest week in words, and the season as a chart."""
    return summary_words(summary, _chart(summary))


def summary_page(summary: Summary) -> list[Block]:
    """For the Home tab, which takes no chart: the same words, and the season as a table."""
    return summary_words(summary, [summary_table(summary)])


def summary_in_modal(summary: Summary) -> list[Block]:
    """For a modal, which takes neither chart nor table: the same words, and the weeks before the newest as text."""
    return summary_words(summary, [_week_as_text(row) for row in words.rows(summary)[-2::-1]])


def summary_words(summary: Summary, season: Sequence[Block] = ()) -> list[Block]:
    """What it is and what it is not, the newest week with what to keep in mind, the `season` under its title, and what
    to do with it. Where nothing is shown of any week, that alone."""
    above = [context(escape(summary.path))] if summary.path != summary.name and summary.path else []
    if not words.says_anything(summary):
        return [header(words.title(summary)), *above, section(words.NOT_SHOWN)]
    return [
        header(words.title(summary)),
        *above,
        section(words.NOT_A_MEASURE),
        context(words.who_counts(summary)),
        divider(),
        section(f"*{words.newest_week(summary)}*"),
        context(words.PUBLISHED),
        *_newest(summary.newest),
        *([divider(), section(words.SEASON_TITLE), *season] if season else []),
        divider(),
        section(words.QUESTIONS_TITLE),
        bullets(words.QUESTIONS),
    ]


def _newest(cell: Cell | None) -> list[Block]:
    if cell is None:
        return [section(words.NOT_SHOWN)]
    figures = [section(f"{what}: *{said}*\n_{caveat}_") for what, said, caveat in words.figures(cell)]
    return [*figures, context(words.ROUNDED)]


def summary_table(summary: Summary) -> Block:
    """Every released week of the season, oldest first, as a native table."""
    rows = [words.HEADINGS, *words.rows(summary)]
    cells = [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]
    return {"type": "table", "rows": cells, "column_settings": [{"is_wrapped": True}] * len(words.HEADINGS)}


def _week_as_text(row: Sequence[str]) -> Block:
    week, *cells = row
    said = [f"{heading.lower()}: {cell}" for heading, cell in zip(words.HEADINGS[1:], cells, strict=True)]
    nothing = set(cells) == {words.LEFT_OUT}
    return section(f"*{week}*: {words.LEFT_OUT}" if nothing else f"*{week}*: {'; '.join(said)}")


def _chart(summary: Summary) -> list[Block]:
    """Only weeks that are shown are on the axis: Slack wants a value for each, and what is not shown is not zero."""
    shown = [(short_day(week), cell) for week, cell in summary.weeks if cell is not None]
    lines = {"Saved": [words.STEPS[cell.saved] for _, cell in shown]}
    lines[words.LOST] = [words.STEPS[cell.rework] for _, cell in shown]
    labels = [label for label, _ in shown]
    series = [
        {
            "name": name,
            "data": [{"label": label, "value": step.drawn} for label, step in zip(labels, steps, strict=True)],
        }
        for name, steps in lines.items()
    ]
    axes = {"categories": labels, "x_label": "Week from", "y_label": "hours"}
    chart = {"type": "bar", "series": series, "axis_config": axes}
    return [{"type": "data_visualization", "title": _TITLE, "chart": chart}, context(words.CHART_NOTE)]
