"""How each person of the sample company works with AI tools: drawn once per person from a fixed seed.

What a person gets out of a tool is drawn apart from how much they use it: in this company, as elsewhere, the one
does not follow from the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import sin, tau
from random import Random

SEED = 20261123

_QUARTER = 13

TOOLS = ("claude-code", "copilot", "cursor", "chatgpt")

# How likely somebody of the department, or of the team where it is given, uses each of TOOLS.
_USERS: Mapping[str, tuple[float, float, float, float]] = {
    "Engineering": (0.6, 0.75, 0.35, 0.5),
    "Engineering / Data": (0.85, 0.4, 0.2, 0.9),
    "Customers": (0.0, 0.0, 0.0, 0.95),
    "Operations": (0.0, 0.0, 0.0, 0.9),
}

HEAVY_WITH_LITTLE_GAIN = "Rohan Deshmukh"
LIGHT_WITH_MUCH_GAIN = "Sofia Marchetti"
NEVER_CHECKS_IN = "Jonas Lindqvist"
WITHOUT_LOGIN = "Diego Salvatierra"
_CAST: Mapping[str, Mapping[str, object]] = {
    HEAVY_WITH_LITTLE_GAIN: {"tools": ("claude-code", "copilot", "chatgpt"), "pace": 3.2, "gain": 0.35},
    LIGHT_WITH_MUCH_GAIN: {"tools": ("claude-code", "chatgpt"), "pace": 0.25, "gain": 4.2},
    NEVER_CHECKS_IN: {"tools": ("claude-code", "copilot"), "diligence": 0.0},
    WITHOUT_LOGIN: {"tools": ("copilot", "chatgpt")},
}
STORIES = frozenset(_CAST)


@dataclass(frozen=True)
class Habit:
    """`pace`: how much they use tools, about 1. `gain`: hours a usual week saves. `diligence`: the share of weeks
    they report. `holidays`: in which weeks of each quarter (0 to 12) they are away."""

    tools: tuple[str, ...]
    pace: float
    gain: float
    diligence: float
    holidays: frozenset[int]

    def is_away(self, day: date) -> bool:
        """Whether the week of `day` is one of their holidays."""
        return week_number(day) % _QUARTER in self.holidays


def week_number(day: date) -> int:
    """Weeks since a fixed Monday long ago: the same for all days from Monday to Sunday."""
    return (day.toordinal() - 1) // 7


def rng(*about: object) -> Random:
    """A source of chance for one subject; draws about one person never shift those about another."""
    return Random("/".join(map(str, (SEED, *about))))  # noqa: S311


def habit(person_id: str, name: str, team: str) -> Habit:
    """The person's habit; the same on every machine and in every run."""
    chance = rng("habit", person_id)
    drawn: dict[str, object] = {
        "tools": _tools(chance, team),
        "pace": chance.lognormvariate(0, 0.5),
        "gain": chance.lognormvariate(0.55, 0.65),
        "diligence": chance.uniform(0.6, 0.8),
        "holidays": _holidays(chance),
    }
    return Habit(**(drawn | dict(_CAST.get(name, {}))))  # type: ignore[arg-type]


def _tools(chance: Random, team: str) -> tuple[str, ...]:
    likely = _USERS.get(team) or _USERS[team.split(" / ")[0]]
    return tuple(tool for tool, share in zip(TOOLS, likely, strict=True) if chance.random() < share)


def _holidays(chance: Random) -> frozenset[int]:
    if chance.random() < 0.4:
        return frozenset()
    start, length = chance.randrange(_QUARTER), chance.choice((1, 1, 2))
    return frozenset((start + week) % _QUARTER for week in range(length))


def days_of_use(person_id: str, of: Habit, tool: str, span: Iterable[date]) -> Iterator[tuple[date, float, Random]]:
    """(day, level of use about 1, chance for details) for the days of `span` on which the tool is used.

    A day comes out the same whatever span it is part of. Use rests on holidays and nearly always at weekends,
    and has its busy and its quiet months.
    """
    phase = rng("phase", person_id, tool).random()
    for day in span:
        chance = rng("day", person_id, tool, day)
        likely = 0.05 if day.weekday() > 4 else 0.72
        if chance.random() < likely and not of.is_away(day):
            season = 1 + 0.25 * sin(tau * (week_number(day) / (2 * _QUARTER) + phase))
            yield day, of.pace * season * chance.lognormvariate(0, 0.45), chance
