"""The weekly freeze: a week's check-ins are read once, and what may be published of them is stored for good."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from bot.policy.binding import Binding, binding
from bot.teams.calendar import Span, due_week, season_of
from bot.teams.cells import Cell, cell_of
from bot.teams.content import canonical, fingerprint
from bot.teams.counting import Reported, by_team
from bot.teams.gates import FLOOR, Team, shown
from bot.teams.hours import COUNTED_REWORK, COUNTED_SAVED
from bot.teams.opening import open_season, teams_of
from storage import policies, releases, seasons
from storage.database import Session, SessionFactory, reading
from storage.tables import Release, Season


@dataclass(frozen=True)
class Released:
    """A release that was made: its week, how many teams are shown of how many, its hash."""

    week: date
    shown: int
    teams: int
    hash: str


def is_due(sessions: SessionFactory, now: datetime) -> bool:
    """Whether a week is to be released at `now`; one small read."""
    with reading(sessions) as session:
        return due_in(session, now) is not None


def due_in(session: Session, now: datetime) -> Span | None:
    """The season of the week that is to be released at `now`; None when none is: it is released already, the first
    season has not begun, or the policy lets nobody see summaries."""
    current, first = policies.in_force(session, now), policies.by_number(session, 1)
    if current is None or first is None or releases.get(session, due_week(now)) is not None:
        return None
    return season_of(due_week(now), first.in_force_from.date())


def release_due(sessions: SessionFactory, now: datetime, hr: Collection[str]) -> Released | None:
    """Release the newest week that can no longer be reported or corrected; None when nothing is due.

    `hr` is everybody of HR by Slack id: whoever may open a summary counts in none. All of it is one transaction: what
    breaks off leaves nothing behind. A week that was missed before that one stays without a release.
    """
    with sessions.begin() as session:
        releases.hold(session)
        span, bound = due_in(session, now), binding(session, now)
        if span is None or bound.current is None:
            return None
        season = seasons.by_number(session, span.number) or open_season(session, span, bound, hr, now)
        if not set(season.viewers) & set(bound.current.who_sees.team_summaries):
            return None
        return _release(session, season, due_week(now), bound)


def _release(session: Session, season: Season, week: date, bound: Binding) -> Released:
    teams = teams_of(session, season.number)
    cells = _cells(session, season, teams, week, bound)
    content = canonical(week, season.number, None, {teams[number].path: cell for number, cell in cells.items()})
    release = Release(week=week, season=season.number, made_at=bound.now, usage=None, hash=fingerprint(content))
    rows = [
        {"week": week, "season": season.number, "team": number} | asdict(cell) | {"categories": list(cell.categories)}
        for number, cell in cells.items()
    ]
    releases.store(session, release, rows)
    releases.replace_viewers(session, season.number, releases.managers(session, season.number), week)
    return Released(week, len(cells), len(teams), release.hash)


def _cells(session: Session, season: Season, teams: list[Team], week: date, bound: Binding) -> dict[int, Cell]:
    since = bound.since(season.opened_at)
    smallest = max(since.smallest_group if since else FLOOR, FLOOR)
    seasons.forget_without_reports(session, season.number)
    may_be_shown = shown(teams, by_team(_reports(session, season.number, week)), smallest)
    return {
        number: cell_of(counted, max(teams[number].smallest_group, smallest))
        for number, counted in may_be_shown.items()
    }


def _reports(session: Session, season: int, week: date) -> Iterator[Reported]:
    for team, fresh, saved, rework, helped in seasons.newest_reports(session, season, week):
        yield Reported(team, bool(fresh), COUNTED_SAVED[saved], COUNTED_REWORK[rework], tuple(helped))
