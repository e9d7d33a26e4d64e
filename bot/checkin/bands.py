"""Hours as people can honestly report them: in bands, not in minutes.

The bands follow the answers that people gave when asked openly (St. Louis Fed, Real-Time Population Survey: up to
1 h 33 %, 2 h 26 %, 3 h 20 %, 4 h or more 21 % of users).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """A span of hours in a week; `None` is no bound. `drawn` is where a chart puts it."""

    code: str
    words: str
    low: float | None
    high: float | None
    drawn: float


_HOURS = (
    Band("0", "0 h", 0, 0, 0),
    Band("lt1", "up to 1 h", 0, 1, 0.5),
    Band("1to2", "1–2 h", 1, 2, 1.5),
    Band("2to4", "2–4 h", 2, 4, 3),
    Band("gt4", "more than 4 h", 4, None, 5),
)
COST = Band("cost", "it cost me time", None, 0, 0)

SAVED: dict[str, Band] = {band.code: band for band in (*_HOURS, COST)}
REWORK: dict[str, Band] = {band.code: band for band in _HOURS}
HELPED: dict[str, str] = {
    "writing": "writing",
    "coding": "coding",
    "reviewing": "reviewing",
    "research": "finding things out",
    "analysis": "data and analysis",
    "meetings": "meetings and notes",
    "support": "answering customers",
    "other": "something else",
}


# What people's own estimates are worth, as half a sentence.
STUDY = "in one study (METR, 2025) 16 experienced developers felt 20% faster and measured 19% slower."


def net(saved: Band, rework: Band) -> tuple[float | None, float | None]:
    """Hours saved less hours lost, as the (least, most) that the two bands allow; `None` is no bound."""
    least = None if saved.low is None or rework.high is None else saved.low - rework.high
    most = None if saved.high is None or rework.low is None else saved.high - rework.low
    return least, most


def net_words(saved: Band, rework: Band) -> str:
    """The net of two bands in words, never more exact than what was reported."""
    least, most = net(saved, rework)
    if least is None and most is None:
        return "cannot be told from these answers"
    if least is None:
        return f"less than {_hours(most)}"
    if most is None:
        return f"more than {_hours(least)}"
    return _hours(least) if least == most else f"between {number_words(least)} and {_hours(most)}"


def _hours(value: float | None) -> str:
    return f"{number_words(value)} h"


def number_words(value: float | None) -> str:
    """A number of hours, with a real minus: "−0.5"."""
    return f"{value or 0:g}".replace("-", "−")
