"""The weekly freeze: a week's check-ins are read once, and what may be published of them is stored for good."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.checkin.bands import HELPED
from bot.ledger.chain import BY_ITSELF, RELEASE, SEASON, record
from bot.policy.binding import Binding
from bot.teams.cells import Cell, cells_of
from bot.teams.content import canonical, fingerprint
from bot.teams.counting import Reported, by_team
from bot.teams.due import Due, whether_due
from bot.teams.gates import FLOOR, Team, shown
from bot.teams.health.usage import company_usage
from bot.teams.hours import COUNTED_REWORK, COUNTED_SAVED
from bot.teams.opening import open_season, teams_of
from bot.teams.viewing.losing import forget_messages
from storage import releases, seasons
from storage.database import Session, SessionFactory, reading
from storage.seasons import Codes
from storage.tables import Release, Season

_COUNTED = Codes(tuple(COUNTED_SAVED), tuple(COUNTED_REWORK), tuple(HELPED))


@dataclass(frozen=True)
class Released:
    """A release that was made: its week, how many teams are shown of how many, its hash."""

    week: date
    shown: int
    teams: int
    hash: str


def is_due(sessions: SessionFactory, now: datetime) -> bool:
    """Whether a week is to be released at `now`; a small read."""
    with reading(sessions) as session:
        return isinstance(whether_due(session, now), Due)


def release_due(sessions: SessionFactory, now: datetime, hr: Collection[str]) -> Released | None:
    """Release the newest week that can no longer be reported or corrected; None when nothing is due.

    `hr` is everybody of HR by Slack id: whoever may open a summary counts in none. All of it is one transaction: what
    breaks off leaves nothing behind. A week that was missed before that one stays without a release.
    """
    with sessions.begin() as session:
        releases.hold(session)
        due = whether_due(session, now)
        if not isinstance(due, Due):
            return None
        before = seasons.by_number(session, due.span.number)
        season = before or open_season(session, due.span, due.bound, hr)
        made = _release(session, season, due.week, due.bound)
        if before is None:
            _write_down(session, now, SEASON, f"season {season.number}", season)
        _write_down(session, now, RELEASE, entry_of(made.week, made.hash), season)
        return made


def entry_of(week: date, digest: str) -> str:
    """What the ledger says of a release."""
    return f"the week from {week}, fingerprint {digest}"


def _write_down(session: Session, now: datetime, what: str, about: str, season: Season) -> None:
    record(session, now, who=BY_ITSELF, what=what, about=about, season=season.number)


def _release(session: Session, season: Season, week: date, bound: Binding) -> Released:
    teams = teams_of(session, season.number)
    cells = _cells(session, season, teams, week, bound)
    viewers = bound.current.who_sees.team_summaries if bound.current else ()
    usage = company_usage(session, season, week, viewers)
    content = canonical(week, season.number, usage, {teams[number].path: cell for number, cell in cells.items()})
    release = Release(week=week, season=season.number, made_at=bound.now, usage=usage, hash=fingerprint(content))
    rows = [{"week": week, "season": season.number, "team": number, **vars(cell)} for number, cell in cells.items()]
    releases.store(session, release, rows)
    lost = releases.replace_viewers(session, season.number, releases.managers(session, season.number), week)
    forget_messages(session, lost, bound.now)
    return Released(week, len(cells), len(teams), release.hash)


def _cells(session: Session, season: Season, teams: list[Team], week: date, bound: Binding) -> dict[int, Cell]:
    since = bound.since(season.opened_at)
    smallest = max(since.smallest_group if since else FLOOR, FLOOR)
    own = by_team(_reports(session, season.number, week))
    # Seldom the case, and as long to look for as to count the rest.
    if sum(counted.people for counted in own.values()) < seasons.size(session, season.number):
        seasons.forget_without_reports(session, season.number, week)
    may_be_shown = shown(teams, own, smallest)
    return cells_of(teams, may_be_shown, smallest)


def _reports(session: Session, season: int, week: date) -> Iterator[Reported]:
    for answers in seasons.newest_reports(session, season, week, _COUNTED):
        saved, rework = _hours(answers.saved, COUNTED_SAVED), _hours(answers.rework, COUNTED_REWORK)
        yield Reported(answers.team, answers.people, answers.fresh, saved, rework, answers.helped)


def _hours(answers: Mapping[str, int], counted: Mapping[str, int]) -> dict[int, int]:
    """How many people reported so many half hours: more than one answer can count as the same."""
    people: dict[int, int] = {}
    for code, number in answers.items():
        people[counted[code]] = people.get(counted[code], 0) + number
    return people
