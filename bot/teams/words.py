"""A summary in plain words: the same for whoever looks at it. Nothing here praises, compares or counts people."""

from datetime import date

from bot.checkin.bands import HELPED, STUDY, Band, net, number_words
from bot.pulse.results.words import BANDS
from bot.teams.cells import Cell
from bot.teams.hours import CAP, LESS_THAN_AN_HOUR, ONE_HOUR, drawn
from bot.teams.summary import Summary
from bot.weeks import short_day, week_words

# One text for every cause: a second one would tell which it was.
NOT_SHOWN = (
    "There is nothing to show here. That can have several reasons, and Candor names none of them, because a reason "
    "could point to somebody. It is not something to ask anybody about."
)
LEFT_OUT = "not shown"
NOT_A_MEASURE = (
    "*This is an average of what people chose to report. It is not a measure of performance*, neither of the team nor "
    "of anybody in it. It is made so that nobody's figures can be worked out from it, not even by comparing weeks."
)
WAS_WRITTEN_DOWN = "That you opened this is in the ledger now, where everybody who counts in it can read it."
SEEN_BY_ALL = "Everybody who counts in it can open it too, and can see who has opened it."
# Why it is no newer.
PUBLISHED = "A week is published once nobody can correct it any more: on the Monday two weeks after it began."
SEASON_TITLE = "*The season, week by week*"
QUESTIONS_TITLE = (
    "*What you could do with this*\nAsk the team as a whole, never one person. Nobody has to say what they reported, "
    "or whether they did."
)
QUESTIONS = (
    "Where does it help us, and where do we spend longer correcting than it saves?",
    "What would make correcting quicker: other instructions, other tasks, or doing it ourselves?",
    "What should we not use it for, whatever it saves?",
)
ABOUT_SAVED = f"People's own estimates. They are often wrong: {STUDY}"
ABOUT_LOST = "Estimates too, and easily too low: much correcting is not noticed as such."
ABOUT_NET = "The difference of the two above. It is not a return on investment, and says nothing of quality."
ABOUT_HELPED = (
    "The share whose report says that any time was saved, much or little. It is shown only in weeks in which most of "
    "those who count reported."
)
ABOUT_CATEGORIES = "Only what enough people ticked. What is missing may have helped others all the same."
ABOUT_REPORTED = (
    "Reporting is voluntary. Whoever did not report that week, was away or has left the company counts with their last "
    "report."
)
HALF, LESS_THAN_HALF = "half or more of those who count", "fewer than half of those who count"
# The digest's word for it.
LOST = "Lost to rework"
# By the band: "60 to 80 %", "80 % or more".
SHARES = tuple(f"{band} %".replace(" or more %", " % or more") for band in BANDS)
NO_CATEGORY = "nothing that enough people ticked"


def _step(number: int) -> Band:
    """A published step as the span of hours it stands for."""
    hours = drawn(number) / 2
    if number == LESS_THAN_AN_HOUR:
        return Band(str(number), "less than 1 h", 0, 1, hours)
    more = number == CAP
    return Band(str(number), f"{hours:g} h or more" if more else f"{hours:g} h", hours, None if more else hours, hours)


# By the step of `bot.teams.hours`.
STEPS = {number: _step(number) for number in (LESS_THAN_AN_HOUR, *range(ONE_HOUR, CAP + 1))}
_LOWEST, _HIGHEST = STEPS[LESS_THAN_AN_HOUR], STEPS[CAP]
ROUNDED = (
    f"Hours are rounded to half hours, and shown from “{_LOWEST.words}” to “{_HIGHEST.words}”, no finer. Those of a "
    "team that has teams below it are put together from the rounded ones of its parts."
)
CHART_NOTE = (
    f"Hours per person who counts. “{_LOWEST.words.capitalize()}” is drawn at {_LOWEST.drawn:g}, “{_HIGHEST.words}” at "
    f"{_HIGHEST.drawn:g}. Weeks that are not shown are left out; that is not zero. Half an hour more or less between "
    "two weeks may be nothing but rounding."
)


def title(summary: Summary) -> str:
    """What it is a summary of, as plain text."""
    return f"Summary of {summary.name}"


def season_words(summary: Summary) -> str:
    """The season by its first and last day: "28 Sep – 20 Dec 2026", "14 Dec 2026 – 7 Mar 2027"."""
    first, last = summary.first_week, summary.last_day
    year = f" {first.year}" if first.year != last.year else ""
    return f"{short_day(first)}{year} – {short_day(last)} {last.year}"


def who_counts(summary: Summary) -> str:
    """Who counts in it, and until when."""
    return (
        "Who counts was settled when the season's first week was published, for all of its weeks "
        f"({season_words(summary)}); nobody is added. "
        "Whoever manages a team counts in none, and HR neither. "
    ) + SEEN_BY_ALL


def says_anything(summary: Summary) -> bool:
    """Whether any week of it is shown."""
    return any(cell is not None for _, cell in summary.weeks)


def newest_week(summary: Summary) -> str:
    """The newest week that was released, as a title."""
    return f"The newest week published: {week_words(summary.weeks[-1][0])}"


def net_words(cell: Cell) -> str:
    """Hours saved less hours lost: as a span where one of them is not a number of its own."""
    least, most = net(STEPS[cell.saved], STEPS[cell.rework])
    if least is None and most is None:
        return "cannot be told"
    if most is None:
        return f"{number_words(least)} h or more"
    if least is None:
        return f"{number_words(most)} h or less"
    return f"{number_words(most)} h" if least == most else f"between {number_words(least)} and {number_words(most)} h"


def saved_words(cell: Cell) -> str:
    return STEPS[cell.saved].words


def lost_words(cell: Cell) -> str:
    return STEPS[cell.rework].words


def helped_words(cell: Cell) -> str:
    """The share whose report says that it saved time, in a band of 20 points: "60 to 80 %"."""
    return LEFT_OUT if cell.helped is None else SHARES[cell.helped]


def category_words(cell: Cell) -> str:
    """What it helped with, always in the order of the check-in's form."""
    named = [text for code, text in HELPED.items() if code in cell.categories]
    return ", ".join(named) or NO_CATEGORY


def reported_words(cell: Cell) -> str:
    return HALF if cell.half_reported else LESS_THAN_HALF


def figures(cell: Cell) -> list[tuple[str, str, str]]:
    """One week, line by line: what it is, what was published of it, and what to keep in mind."""
    helped = helped_words(cell) if cell.helped is None else f"for {helped_words(cell)} of those who count"
    return [
        ("Hours saved, per person", saved_words(cell), ABOUT_SAVED),
        ("Hours lost to rework, per person", lost_words(cell), ABOUT_LOST),
        ("Net, per person", net_words(cell), ABOUT_NET),
        ("Any time saved", helped, ABOUT_HELPED),
        ("What it helped with", category_words(cell), ABOUT_CATEGORIES),
        ("Reported that week", reported_words(cell), ABOUT_REPORTED),
    ]


HEADINGS = ("Week", "Hours saved", LOST, "Net", "Any time saved for", "Helped with", "Reported")


def rows(summary: Summary) -> list[tuple[str, ...]]:
    """Every released week, oldest first, with as many cells as `HEADINGS`."""
    return [_row(week, cell) for week, cell in summary.weeks]


def _row(week: date, cell: Cell | None) -> tuple[str, ...]:
    if cell is None:
        return (week_words(week), *[LEFT_OUT] * (len(HEADINGS) - 1))
    hours = (saved_words(cell), lost_words(cell), net_words(cell))
    return (week_words(week), *hours, helped_words(cell), category_words(cell), reported_words(cell))
