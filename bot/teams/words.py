"""A summary in plain words: the same for whoever looks at it. Nothing here praises, compares or counts people."""

from datetime import date, timedelta

from bot.checkin.bands import HELPED, Band, net
from bot.pulse.results.words import BANDS
from bot.teams.calendar import WEEKS
from bot.teams.cells import Cell
from bot.teams.hours import CAP, LESS_THAN_AN_HOUR, ONE_HOUR
from bot.teams.summary import Summary
from bot.weeks import WEEK, week_words

# One text for every cause: a second one would tell which it was.
NOT_SHOWN = (
    "There is nothing to show here. That can have several reasons, and Candor names none of them, because a reason "
    "could point to somebody."
)
LEFT_OUT = "not shown"
NOT_A_MEASURE = (
    "*This is an average of what people chose to report. It is not a measure of performance*, neither of the team nor "
    "of anybody in it. It is made so that nobody's figures can be worked out from it, not even by comparing weeks."
)
SEEN_BY_ALL = "Everybody who counts in it can open exactly this, and can see who has opened it."
QUESTIONS_TITLE = (
    "*What you could do with this*\nAsk the team as a whole, never one person. Nobody has to say what they reported, "
    "or whether they did."
)
QUESTIONS = (
    "Where does it help us, and where do we spend longer correcting than it saves?",
    "What would make correcting quicker: other instructions, other tasks, or doing it ourselves?",
    "What should we not use it for, whatever it saves?",
)
ROUNDED = (
    "Hours are rounded to half hours. Those of a team that has teams below it are put together from the rounded ones "
    "of its parts."
)
CHART_NOTE = (
    "Hours per person who counts. “Less than 1 h” is drawn at 0.5, “4 h or more” at 4. Weeks that are not shown are "
    "left out; that is not zero."
)
ABOUT_SAVED = (
    "People's own estimates. They are often wrong: in one study (METR, 2025) 16 experienced developers felt 20% faster "
    "and measured 19% slower."
)
ABOUT_LOST = "Estimates too, and easily too low: much correcting is not noticed as such."
ABOUT_NET = "The difference of the two above. It is not a return on investment, and says nothing of quality."
ABOUT_HELPED = "The share of those who count whose report says that any time was saved, much or little."
ABOUT_CATEGORIES = "Only what enough people ticked. What is missing may have helped others all the same."
ABOUT_REPORTED = (
    "Reporting is voluntary. Whoever did not report that week, was away or has left the company counts with their last "
    "report."
)
HALF, LESS_THAN_HALF = "half or more of those who count", "fewer than half of those who count"
NO_CATEGORY = "nothing that enough people ticked"


def _step(number: int) -> Band:
    """A published step as the span of hours it stands for; `drawn` is where a chart puts it."""
    if number == LESS_THAN_AN_HOUR:
        return Band(str(number), "less than 1 h", 0, 1, 0.5)
    hours = number / 2
    more = number == CAP
    return Band(str(number), f"{hours:g} h or more" if more else f"{hours:g} h", hours, None if more else hours, hours)


# By the step of `bot.teams.hours`.
STEPS = {number: _step(number) for number in (LESS_THAN_AN_HOUR, *range(ONE_HOUR, CAP + 1))}


def title(summary: Summary) -> str:
    """What it is a summary of, as plain text."""
    return f"Summary of {summary.name}" if summary.path else "Summary of the whole company"


def season_words(summary: Summary) -> str:
    """The season by its first and last day: "28 Sep – 20 Dec 2026"."""
    first, last = summary.first_week, summary.first_week + WEEKS * WEEK - timedelta(days=1)
    return f"{first.day} {first:%b} – {last.day} {last:%b %Y}"


def who_counts(summary: Summary) -> str:
    """Who counts in it, and until when."""
    return (
        f"Who counts was settled when the season began; nobody is added before it ends ({season_words(summary)}). "
        "Whoever manages a team counts in none, and HR neither. "
    ) + SEEN_BY_ALL


def newest_week(summary: Summary) -> str:
    """The newest week that was released, as a title."""
    return f"The week of {week_words(summary.weeks[-1][0])}" if summary.weeks else "No week yet"


def net_words(cell: Cell) -> str:
    """Hours saved less hours lost: as a span where one of them is not a number of its own."""
    least, most = net(STEPS[cell.saved], STEPS[cell.rework])
    if least is None and most is None:
        return "cannot be told"
    if most is None:
        return f"{_number(least)} h or more"
    if least is None:
        return f"{_number(most)} h or less"
    return f"{_number(most)} h" if least == most else f"between {_number(least)} and {_number(most)} h"


def _number(hours: float | None) -> str:
    return f"{hours or 0:g}".replace("-", "−")


def saved_words(cell: Cell) -> str:
    return STEPS[cell.saved].words


def lost_words(cell: Cell) -> str:
    return STEPS[cell.rework].words


def helped_words(cell: Cell) -> str:
    """The share whose report says that it saved time, in a band of 20 points."""
    return LEFT_OUT if cell.helped is None else f"{BANDS[cell.helped]} of 100"


def category_words(cell: Cell) -> str:
    """What it helped with, always in the order of the check-in's form."""
    named = [text for code, text in HELPED.items() if code in cell.categories]
    return ", ".join(named) or NO_CATEGORY


def reported_words(cell: Cell) -> str:
    return HALF if cell.half_reported else LESS_THAN_HALF


def figures(cell: Cell) -> list[tuple[str, str, str]]:
    """One week, line by line: what it is, what was published of it, and what to keep in mind."""
    return [
        ("Hours saved, per person", saved_words(cell), ABOUT_SAVED),
        ("Hours lost to correcting, per person", lost_words(cell), ABOUT_LOST),
        ("Net, per person", net_words(cell), ABOUT_NET),
        ("It saved some time for", helped_words(cell), ABOUT_HELPED),
        ("What it helped with", category_words(cell), ABOUT_CATEGORIES),
        ("Reported that week", reported_words(cell), ABOUT_REPORTED),
    ]


HEADINGS = ("Week", "Hours saved", "Lost to correcting", "Net", "Saved time for", "Helped with", "Reported")


def rows(summary: Summary) -> list[tuple[str, ...]]:
    """Every released week, oldest first, with as many cells as `HEADINGS`."""
    return [_row(week, cell) for week, cell in summary.weeks]


def _row(week: date, cell: Cell | None) -> tuple[str, ...]:
    if cell is None:
        return (week_words(week), *[LEFT_OUT] * (len(HEADINGS) - 1))
    hours = (saved_words(cell), lost_words(cell), net_words(cell))
    return (week_words(week), *hours, helped_words(cell), category_words(cell), reported_words(cell))
