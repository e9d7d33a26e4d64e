"""What the people of the sample company report about their weeks."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from bot.sandbox.company_habits import Habit, rng


class Report(NamedTuple):
    """One check-in: `week` is its Monday; `saved` and `rework` are band codes, `helped` codes of work."""

    person_id: str
    week: date
    saved: str
    rework: str
    helped: list[str]
    note: str | None


_WORK: Mapping[str, tuple[str, ...]] = {
    "Engineering": ("coding", "reviewing", "coding", "research", "writing"),
    "Engineering / Data": ("analysis", "coding", "research", "writing"),
    "Customers": ("support", "writing", "research", "meetings"),
    "Customers / Sales": ("writing", "research", "meetings", "other"),
    "Operations": ("writing", "analysis", "meetings", "other"),
}

_NOTES: Mapping[str, tuple[str, ...]] = {
    "coding": (
        "Tests for the refund path came out well, the mocks did not",
        "Good for boilerplate, had to rewrite the retry logic",
        "p95 < 200 ms now; it found the missing index",
    ),
    "reviewing": ("Caught a race I had read past twice", "Too many style remarks, one real find"),
    "analysis": ("Churn query in ten minutes instead of a morning", "Two joins were wrong & looked right"),
    "writing": ("First draft of the release notes, kept about half", "Shorter mails, fewer rounds"),
    "support": ("Nice summaries of long tickets", "It invented a setting we do not have 🙃"),
    "research": ("Useful overview, two dead sources", "Compared three vendors for me"),
    "meetings": ("Minutes were fine, action points were not", "Agenda from last week's notes"),
    "other": ("Renamed 200 files, did not have to think", "Translation for the Lisbon office"),
}
_COSTLY = ("Spent the morning undoing it", "Confidently wrong about our own API", "Would have been faster by hand")


def reports(person_id: str, of: Habit, team: str, first: int, last_monday: date, weeks: int) -> Iterator[Report]:
    """The person's check-ins from week `first` (0 is the oldest) on. The newest week is only half reported."""
    for week in range(first, weeks):
        monday = last_monday - timedelta(weeks=weeks - 1 - week)
        yield from reports_of(person_id, of, team, monday, 0.5 if monday == last_monday else 1.06)


def reports_of(person_id: str, of: Habit, team: str, monday: date, share: float = 1.06) -> Iterator[Report]:
    """The person's check-in of the week of this Monday, or none; `share`, of the usual, of those who have reported."""
    chance = rng("week", person_id, monday)
    if chance.random() < of.diligence * share and not of.is_away(monday):
        yield _report(person_id, of, team, monday, chance)


def _report(person_id: str, of: Habit, team: str, monday: date, chance: Random) -> Report:
    work = _WORK.get(team) or _WORK[team.split(" / ")[0]]
    if chance.random() < 0.05:
        note = chance.choice(_COSTLY) if chance.random() < 0.5 else None
        return Report(person_id, monday, "cost", chance.choice(("lt1", "1to2", "1to2", "2to4")), [], note)
    saved = of.gain * chance.lognormvariate(0, 0.5) if chance.random() < 0.93 else 0.0
    rework = saved * chance.betavariate(1.2, 3.0)
    helped = sorted(set(chance.choices(work, k=chance.choice((1, 2, 2, 3))))) if saved >= 0.1 else []
    note = chance.choice(_NOTES[helped[0]]) if helped and chance.random() < 0.2 else None
    return Report(person_id, monday, _band(saved), _band(rework), helped, note)


def _band(hours: float) -> str:
    if hours < 0.25:
        return "0"
    for top, code in ((1, "lt1"), (2, "1to2"), (4, "2to4")):
        if hours < top:
            return code
    return "gt4"
