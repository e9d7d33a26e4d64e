"""Who is let through the door with what: the tools a person consented to, and the fields that their own terms keep."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.policy.binding import binding
from bot.usage.catalogue import TOOLS
from bot.usage.sources.source import UsageRow
from bot.weeks import first_kept
from storage import usage
from storage.database import Session

_KEY = 4


@dataclass(frozen=True)
class Admission:
    """What is taken of one person and tool: days from `since` on ("2026-11-16"), and these columns of the tool."""

    tool: str
    since: str
    kept: frozenset[str]

    def covers(self, other: "Admission") -> bool:
        """Whether all that `other` let through may stay."""
        return self.since == other.since and other.kept <= self.kept

    def lost(self, columns: tuple[str, ...]) -> tuple[int, ...]:
        """The places of a row (person id, tool, surface, day, *columns) that are not kept."""
        return _lost(self.tool, self.kept, columns)


@lru_cache(maxsize=1024)
def _lost(tool: str, kept: frozenset[str], columns: tuple[str, ...]) -> tuple[int, ...]:
    """Of columns that the tool does not have anyway, nothing has to be taken."""
    dropped = TOOLS[tool].columns - kept
    return tuple(_KEY + place for place, column in enumerate(columns) if column in dropped)


def admitted(session: Session, tools: Collection[str], now: datetime) -> dict[tuple[str, str], Admission]:
    """(person id, tool) of all active persons who consented to these tools, where their terms name the tool.

    Each has the terms of their own consent at `now`; days that would at once be too old to keep are not taken.
    """
    terms = binding(session, now).of_all_consents()
    fields = {
        (policy, tool): frozenset(kept) for policy, own in terms.items() for tool, kept in own.tools.items()
    }  # fmt: skip
    oldest = {policy: first_kept(own.retention_weeks.usage, now) for policy, own in terms.items()}
    return {
        (person, tool): Admission(tool, max(since, oldest[policy]).isoformat(), fields[policy, tool])
        for (person, tool), (since, policy) in usage.consented(session, tools).items()
        if (policy, tool) in fields
    }


def without(row: UsageRow, places: Sequence[int]) -> UsageRow | None:
    """The row with nothing in these places; None when it said something there and says nothing elsewhere."""
    if all(row[place] is None for place in places):
        return row
    values = list(row)
    for place in places:
        values[place] = None
    return tuple(values) if any(value is not None for value in values[_KEY:]) else None
