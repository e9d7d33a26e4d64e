"""The last weeks as Slack's native charts: two of them, never tokens and hours on one axis."""

from collections.abc import Sequence
from datetime import date

from bot.blocks import Block, context
from bot.checkin.bands import REWORK, SAVED
from bot.digest.digest import Digest, Reported
from bot.usage.catalogue import TOOLS
from bot.weeks import short_day

SERIES_LIMIT = 6
USE_NOTE = "Days on which a tool reported use of yours. No bar: it reported none, or sent nothing for that week."
HOURS_NOTE = (
    "Each band is drawn at its middle, “more than 4 h” at 5, “it cost me time” at 0. Unreported weeks are left out."
)


def charts(digest: Digest) -> list[Block]:
    """Up to two charts, each with a note on how to read it: days with use, and the hours the person reported.

    Only weeks with data are on the axis: Slack wants a value for each, and a missing week is not zero.
    """
    usage, hours = _usage(digest), _hours(digest.check_ins)
    return [*([usage, context(USE_NOTE)] if usage else []), *([hours, context(HOURS_NOTE)] if hours else [])]


def _usage(digest: Digest) -> Block | None:
    weeks = sorted({week for days in digest.active_days.values() for week in days})
    if not weeks:
        return None
    series = [
        {"name": TOOLS[tool].name[:20], "data": _points(weeks, [days.get(week, 0) for week in weeks])}
        for tool, days in sorted(digest.active_days.items())[:SERIES_LIMIT]
    ]
    return _chart("Days with use reported, last 8 weeks", "bar", series, weeks, "days")


def _hours(check_ins: Sequence[Reported]) -> Block | None:
    if not check_ins:
        return None
    weeks = [check_in.week for check_in in check_ins]
    series = [
        {"name": "Saved", "data": _points(weeks, [SAVED[c.saved].drawn for c in check_ins])},
        {"name": "Lost to rework", "data": _points(weeks, [REWORK[c.rework].drawn for c in check_ins])},
    ]
    return _chart("Hours you reported, last 8 weeks", "bar", series, weeks, "hours")


def _chart(title: str, kind: str, series: list[Block], weeks: Sequence[date], unit: str) -> Block:
    axes = {"categories": [short_day(week) for week in weeks], "x_label": "Week from", "y_label": unit}
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": kind, "series": series, "axis_config": axes},
    }


def _points(weeks: Sequence[date], values: Sequence[float]) -> list[Block]:
    return [{"label": short_day(week), "value": value} for week, value in zip(weeks, values, strict=True)]
