"""What a change of terms means, in words that need no explaining."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.policy.bounds import LEDGER, LOOSER, Change, Direction
from bot.policy.publishing.difference import ClauseChange
from bot.policy.terms import Value, in_words, joined
from bot.usage.catalogue import TOOLS
from bot.weeks import zone

LABELS = {
    "tools": "Tools",
    "retention_weeks.usage": "Weeks that usage is kept",
    "retention_weeks.check_ins": "Weeks that check-ins are kept",
    "retention_weeks.messages": "Weeks that messages with figures are kept in Slack",
    "retention_weeks.leavers": "Weeks that anything is kept of people who have left",
    "retention_weeks.questions": "Weeks that questions sent to HR are kept",
    "retention_weeks.ledger": "Weeks that it is kept who looked at a summary",
    "smallest_group": "Smallest group that anything is shown of",
    "smallest_group_comments": "Smallest group that comments are shown of",
    "who_sees.usage": "Who sees a person's usage",
    "who_sees.check_ins": "Who sees a person's check-ins",
    "who_sees.team_summaries": "Who sees team summaries",
    "who_sees.pulse_results": "Who sees the results of a pulse",
    "pulse_weeks": "Weeks from one pulse to the next",
    "hours.digest": "Hour of the weekly message, unless you chose another",
    "hours.invitations": "Hour of invitations and notices",
}

# Nobody's consent covers the ledger, so a shorter time is for everybody, but never for what is there already.
_NOT_BACKWARDS = "for everybody, and only for what is written from then on"
_WRITTEN_BEFORE = ", for what was written before"


def label(term: str) -> str:
    """What a term is called on screen."""
    tool = term.removeprefix("tools.")
    return f"Fields kept of {TOOLS[tool].name}" if tool != term else LABELS[term]


def change_words(change: Change) -> str:
    """One changed term: "Weeks that usage is kept: 12, until now 26"."""
    if change.term.startswith("tools."):
        return f"{label(change.term)}: {'; '.join(_came_and_went(change))}"
    said = f"{label(change.term)}: {_value(change, change.new)}, until now {_value(change, change.old)}"
    return f"{said}; {_NOT_BACKWARDS}" if change.term == LEDGER and change.direction in LOOSER else said


def of_direction(changes: Iterable[Change], *directions: Direction) -> list[str]:
    """The changes that go these ways, in words; a tool that came or went is said once, not by its fields as well."""
    return [
        change_words(change)
        for change in changes
        if change.direction in directions and change.old is not None and change.new is not None
    ]


def still_holding(changes: Iterable[Change]) -> list[str]:
    """What goes on holding for somebody who does not agree to these changes: "Weeks that usage is kept: 12"."""
    return [
        f"{label(change.term)}: {_value(change, change.old)}{_WRITTEN_BEFORE if change.term == LEDGER else ''}"
        for change in changes
        if change.direction in LOOSER and change.old is not None and change.new is not None
    ]


def _value(change: Change, value: Value | None) -> str:
    return "nothing" if value is None else in_words(change.term, value)


def _came_and_went(change: Change) -> Iterable[str]:
    old, new = _items(change.old), _items(change.new)
    if came := tuple(item for item in new if item not in old):
        yield f"now also {in_words(change.term, came)}"
    if went := tuple(item for item in old if item not in new):
        yield f"no more {in_words(change.term, went)}"


def _items(value: Value | None) -> Sequence[str]:
    return value if isinstance(value, tuple) else ()


def date_words(day: date | datetime) -> str:
    """A day with its year: "1 December 2026"."""
    return f"{day.day} {day:%B %Y}"


def date_time_words(moment: datetime, tz: str = "UTC") -> str:
    """A moment with its year, in this zone: "1 December 2026, 13:00"."""
    local = moment.astimezone(zone(tz))
    return f"{date_words(local)}, {local:%H:%M}"


def summary(clauses: Sequence[ClauseChange]) -> str:
    """Which clauses are new, removed or changed, in one line: the first few of each by name."""
    said = []
    for kind, title in (("changed", "Changed"), ("added", "New"), ("removed", "Removed")):
        if headings := [clause.heading or "the beginning" for clause in clauses if clause.kind == kind]:
            said.append(f"{title}: {_few(headings)}.")
    return " ".join(said) or "No sentence of the text is different."


def _few(headings: Sequence[str]) -> str:
    named = [f"“{heading}”" for heading in headings[:3]]
    more = len(headings) - len(named)
    return joined([*named, f"{more} more"] if more else named)
