"""Organisation health in plain words: about the system, never about people."""

from collections.abc import Mapping

from bot.pulse.results.words import sentence
from bot.teams.health.drift import Drift, Week
from bot.teams.health.reading import Gaming
from bot.teams.health.usage import CAP, LESS_THAN_A_DAY, ONE_DAY
from bot.teams.hours import CAP as MOST_HOURS
from bot.teams.words import LEFT_OUT, LOST, STEPS
from bot.weeks import week_words

TITLE = "Organisation health"
ABOUT = (
    "*This is about the system, not about people.* It puts side by side what was published of everybody who counts in "
    "team summaries, all together and never of fewer than 20: on how many days a week their tools report use, and the "
    "hours that they report. More is not better, and nothing here is a target. It can be said of no single team and "
    "of no person."
)
HEADINGS = ("Week", "Days with use", "Hours saved", LOST)
CAVEATS = (
    "Days with use: the mean per person, in half days, from Monday to Sunday in UTC days. Any tool counts that they "
    "let Candor read and that reports by the day. Only people of whom such a tool reported anything that week are in "
    "it: no report is not taken for no use.",
    "Hours: per person, as in the summary of the whole company; people's own estimates, which are often wrong. Who "
    "did not report counts with their last report.",
)
DRIFT: Mapping[Drift, str] = {
    "warning": (
        "*The measure may have become a target.* Over the last four weeks that are shown, tools report use on at least "
        "half a day a week more than over the four before, but the hours that people report as saved, less those lost, "
        "are not higher. That may be use for the sake of being seen to use AI. It may also be people trying something "
        "out, or other people: with a new season others count. It says nothing about anybody. What you could do: make "
        "sure that nobody is asked to use AI more, and look at what the pulse says."
    ),
    "none": (
        "*No warning.* One stands here when, over the last four weeks that are shown, use is at least half a day a "
        "week above the four before, and the hours reported as saved, less those lost, are not higher."
    ),
    "unknown": (
        "*Too little is shown to say whether the measure has become a target.* It takes eight weeks that show use and "
        "hours, all among the newest ten; and where use has grown while hours saved stand at "
        f"“{STEPS[MOST_HOURS].words}”, nobody can see whether they grew too."
    ),
}
GAMING_TITLE = "*What people say about the measure themselves*"
NEVER_ASKED = "No pulse that has closed has asked whether people use AI only to look busy."


def row(week: Week) -> tuple[str, ...]:
    """A week, with as many cells as `HEADINGS`."""
    hours = (LEFT_OUT if step is None else STEPS[step].words for step in (week.saved, week.rework))
    return (week_words(week.monday), usage_words(week.usage), *hours)


def usage_words(step: int | None) -> str:
    """A published step of use: "2.5 days"."""
    if step is None:
        return LEFT_OUT
    if step in (LESS_THAN_A_DAY, CAP):
        return "less than 1 day" if step == LESS_THAN_A_DAY else f"{CAP / 2:g} days or more"
    return "1 day" if step == ONE_DAY else f"{step / 2:g} days"


def gaming_words(gaming: Gaming | None) -> str:
    """What the newest pulse that asked about it showed of everybody."""
    if gaming is None:
        return NEVER_ASKED
    return f"Asked of everybody, whether they count here or not: “{gaming.question.text}” " + sentence(
        gaming.question, gaming.answer
    )
