"""Random organisations: teams in a hierarchy, and what happens to their people over the weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from bot.checkin.bands import HELPED
from bot.teams.hours import COUNTED_REWORK, COUNTED_SAVED

# Weeks are counted from the first one of the first season: 0 to 11 is the first season, -4 to -1 the weeks before it.
BEFORE, WEEKS = 4, 12
ALWAYS = 10_000
COMPANY = 0


@dataclass(frozen=True)
class Answer:
    """One check-in: half hours as they count, and what it helped with."""

    saved: int
    rework: int
    helped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Life:
    """One person: in which team from which week on, their check-ins by week, and from when to when they take part.

    `opted_out` and `left` are the first week without them: one deletes all they reported, the other nothing.
    """

    teams: Mapping[int, int]
    answers: Mapping[int, Answer]
    opted_in: int = -BEFORE
    opted_out: int = ALWAYS
    left: int = ALWAYS
    smallest_group: int = 4

    def team(self, week: int) -> int:
        """Where they stand in this week."""
        return self.teams[max(each for each in self.teams if each <= week)]

    def newest(self, week: int) -> int | None:
        """The week of their newest check-in up to this one."""
        return max((each for each in self.answers if each <= week), default=None)


@dataclass(frozen=True)
class Organisation:
    """`parents` by team number, the company's None first; people by any key."""

    parents: tuple[int | None, ...]
    people: Mapping[int, Life]
    seasons: int = 1
    smallest_group: int = 4

    def with_life(self, person: int, life: Life) -> "Organisation":
        return replace(self, people={**self.people, person: life})

    def chain(self, team: int) -> list[int]:
        """A team and all above it."""
        above = self.parents[team]
        return [team] if above is None else [team, *self.chain(above)]


@dataclass(frozen=True)
class Kind:
    """What sort of organisation is drawn: `levels` 2 or 3, how many people stand in a lowest team and directly in an
    upper one, how restless they are: the share to whom each of opting out, moving, leaving and joining late happens.
    """

    levels: int
    lowest: Sequence[int] = (3, 4, 4, 5, 5, 6, 8, 12)
    upper: Sequence[int] = (0, 0, 1, 4, 5, 7)
    seasons: int = 1
    restless: float = 0.05
    smallest_groups: Sequence[int] = (4, 5)
    attendance: Sequence[float] = field(default=(0.98, 0.9, 0.7, 0.5, 0.1))


def draw(kind: Kind, seed: int, smallest: int | None = None) -> Organisation:
    """The organisation of this kind and seed; where `smallest` is given, that smallest group binds everybody."""
    random = Random(seed)
    parents, lowest = _teams(random, kind.levels)
    least = smallest or random.choice(kind.smallest_groups)
    groups = [least] if smallest else [least, least, least + 1]
    everywhere = _habits(random)
    people: dict[int, Life] = {}
    for team in range(len(parents)):
        answers = random.choice((everywhere, _habits(random)))
        # In every organisation one team is small, and its people are away at times.
        own = replace(kind, lowest=(2, 3, 4), attendance=(0.7,)) if team == max(lowest) else kind
        for _ in range(random.choice(own.lowest if team in lowest else own.upper)):
            people[len(people)] = _life(random, own, len(parents), team, answers, groups)
    return Organisation(tuple(parents), people, kind.seasons, least)


def _teams(random: Random, levels: int) -> tuple[list[int | None], set[int]]:
    """Those above before those below; ragged: with three levels some departments have no teams."""
    parents: list[int | None] = [None]
    lowest = set[int]()
    for _ in range(random.randint(2, 4 if levels == 2 else 3)):
        department = len(parents)
        parents.append(COMPANY)
        below = random.choice((0, 1, 2, 3)) if levels == 3 else 0
        parents += [department] * below
        lowest |= set(range(department + 1, len(parents))) or {department}
    return parents, lowest


def _habits(random: Random) -> list[float]:
    """How often each answer is given: in some organisations and teams all answer much alike, in others not."""
    return [random.gammavariate(random.choice((0.2, 1, 3)), 1) + 1e-9 for _ in COUNTED_SAVED]


def _life(random: Random, kind: Kind, teams: int, team: int, habits: list[float], groups: list[int]) -> Life:
    end = kind.seasons * WEEKS
    comes = random.choice(kind.attendance)
    joined = random.randrange(1, end) if random.random() < kind.restless else -BEFORE
    life = Life(
        teams={-BEFORE: team},
        answers={week: _answer(random, habits) for week in range(joined, end) if random.random() < comes},
        opted_in=joined,
        opted_out=random.randrange(1, end) if random.random() < kind.restless else ALWAYS,
        smallest_group=random.choice(groups),
    )
    if random.random() < kind.restless:
        life = replace(life, teams={-BEFORE: team, random.randrange(0, end): random.randrange(teams)})
    if random.random() < kind.restless:
        left = random.randrange(1, end)
        life = replace(life, left=left, answers={week: each for week, each in life.answers.items() if week < left})
    return life


def _answer(random: Random, habits: list[float]) -> Answer:
    (saved,) = random.choices(list(COUNTED_SAVED.values()), habits)
    rework = random.choice(list(COUNTED_REWORK.values())) if random.random() < 0.7 else 0
    helped = tuple(code for code in HELPED if random.random() < 0.3) if saved else ()
    return Answer(saved, rework, helped)
