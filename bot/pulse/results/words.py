"""Results in words. A band stays a band: no point within it, no average, and no comparison that says more is better."""

from collections.abc import Mapping
from datetime import date

from bot.pulse.ballot.scales import offered
from bot.pulse.questions import AGREEING, Kind, Question
from bot.pulse.results.reading import HIDDEN, SEGMENTS, Answer
from bot.pulse.tallying import Segment

BANDS = ("up to 20", "20 to 40", "40 to 60", "60 to 80", "80 or more")
NOT_SHOWN = "not shown"
# How many do not know is shown of everyone together.
NOT_SPLIT = "not split"
# Of a pulse that has no results: in a table, and in a sentence.
NO_RESULTS: Mapping[str, tuple[str, str]] = {
    "too few": ("too few", "too few answers to show anything"),
    "stopped": ("stopped", "stopped, so nothing is shown"),
}
WHO: Mapping[Segment, str] = {"everyone": "everyone", "leaders": "people who manage a team", "others": "everyone else"}
PARTS: Mapping[Kind, str] = {
    "belief": "Promise",
    "clarity": "Clarity",
    "candour": "Candour",
    "action": "Action",
    "gaming": "About the measure, not about people",
    "own": "HR's question",
    "comment": "Comment",
}


def band_words(band: int | None) -> str:
    """A band as it stands in a table: "40 to 60"."""
    return NOT_SHOWN if band is None else BANDS[band]


def table_rows(answer: Answer) -> list[tuple[str, str, str]]:
    """What a table says of one pulse's answer: who, how many of 100 agree, how many of 100 do not know.

    Each segment has its line, shown or not; a pulse without results has one.
    """
    if answer.outcome in NO_RESULTS:
        said = NO_RESULTS[answer.outcome][0]
        return [(WHO["everyone"], said, said)]
    return [(WHO[segment], *_cells(answer, segment)) for segment in SEGMENTS]


def _cells(answer: Answer, segment: Segment) -> tuple[str, str]:
    bands = answer.of(segment)
    return band_words(bands.share), band_words(bands.unsure) if segment == "everyone" else NOT_SPLIT


def verb(question: Question) -> str:
    """What those do who are counted: they chose one of the two highest points of five."""
    if question.scale == "extent":
        return "say " + " or ".join(f"“{words.lower()}”" for value, words in offered(question) if value in AGREEING)
    return {"belief": "believe it is followed", "gaming": "say so"}.get(question.kind, "agree")


def month(day: date) -> str:
    """A month with its year: "October 2026"."""
    return f"{day:%B %Y}"


def sentence(question: Question, answer: Answer) -> str:
    """One pulse's answer of everyone: "Version 2, October 2026 (pulse 3): 40 to 60 of 100 believe …"."""
    return f"Version {answer.version}, {month(answer.asked)} (pulse {answer.pulse}): {outcome(question, answer)}."


def outcome(question: Question, answer: Answer) -> str:
    """The same without the pulse it is of."""
    if answer.outcome in NO_RESULTS:
        return NO_RESULTS[answer.outcome][1]
    bands = answer.of("everyone")
    if bands == HIDDEN:
        return NOT_SHOWN
    share = NOT_SHOWN if bands.share is None else f"{BANDS[bands.share]} of 100 {verb(question)}"
    return f"{share}; {band_words(bands.unsure)} of 100 do not know"


def gap(answer: Answer) -> str:
    """People leaders beside everyone else, when both are shown."""
    leaders, others = answer.of("leaders").share, answer.of("others").share
    if leaders is None or others is None:
        return "People who manage a team, and everyone else: not shown."
    return f"Among people who manage a team: {BANDS[leaders]} of 100. Among everyone else: {BANDS[others]} of 100."
