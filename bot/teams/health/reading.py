"""Reads what was published of the whole company: use, reported hours, and the pulse's question about the measure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.pulse.questions import Question
from bot.pulse.results import reading as pulse
from bot.teams.health.drift import Drift, Week, drift
from bot.teams.health.usage import FEWEST
from bot.teams.rights import HR, allowed, policy_viewers
from storage import releases, seasons
from storage.database import Session
from storage.seasons import COMPANY
from storage.tables import Season

# This season and the one before it.
SEASONS = 2


@dataclass(frozen=True)
class Gaming:
    """What the newest pulse that has closed and asked about it showed of the measure, of everybody."""

    question: Question
    answer: pulse.Answer


@dataclass(frozen=True)
class Health:
    """`weeks`: those released in this season and the one before, oldest first. `gaming`: None while no pulse that has
    closed asked about it."""

    weeks: tuple[Week, ...]
    gaming: Gaming | None

    @property
    def drift(self) -> Drift:
        return drift(self.weeks)

    @property
    def seasons(self) -> tuple[int, ...]:
        """The seasons of these weeks, oldest first."""
        return tuple(dict.fromkeys(week.season for week in self.weeks))


def read(session: Session, user: str, now: datetime) -> Health:
    """Organisation health as this person of HR may see it at `now`.

    There are no weeks of seasons in which HR may see no summaries or in which the person counts, nor while the policy
    in force lets HR see none. Nothing is shown of a company in which fewer than twenty count.
    """
    weeks = (week for season in _seasons(session, user, now) for week in _weeks(session, season))
    return Health(tuple(weeks), _gaming(session, now))


def _seasons(session: Session, user: str, now: datetime) -> Iterator[Season]:
    newest, viewers = seasons.newest(session), policy_viewers(session, now)
    if newest is None:
        return
    for number in range(max(newest.number - SEASONS + 1, 1), newest.number + 1):
        season = seasons.by_number(session, number)
        if season is None or not allowed(HR, season.viewers, viewers):
            continue
        # Whoever came to HR while they count is shown nothing of that season, as of every summary they are part of.
        if seasons.place_of(session, user, number) is None:
            yield season


def _weeks(session: Session, season: Season) -> Iterator[Week]:
    company = seasons.team(session, season.number, COMPANY)
    # A group that held twenty is shown only while it still does.
    large = company is not None and company.size >= FEWEST
    cells = releases.cells_of(session, season.number, COMPANY) if large else {}
    for release in releases.of_season(session, season.number):
        cell = cells.get(release.week)
        saved, rework = (cell.saved, cell.rework) if cell else (None, None)
        yield Week(release.week, season.number, release.usage if large else None, saved, rework)


def _gaming(session: Session, now: datetime) -> Gaming | None:
    asked = [item for item in pulse.read(session, now).items if item.question.kind == "gaming"]
    answers = [Gaming(item.question, answer) for item in asked for answer in item.answers]
    return max(answers, key=lambda each: each.answer.pulse, default=None)
