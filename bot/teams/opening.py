"""Opening a season: the teams as they stand, who counts in them, and which of them may be shown at all."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.policy.binding import Binding
from bot.teams.calendar import Span
from bot.teams.due import lasts_a_season
from bot.teams.gates import Team, planned
from storage import seasons
from storage.database import Session
from storage.directory import SEPARATOR
from storage.seasons import COMPANY, Counting
from storage.tables import Season, SeasonTeam


def open_season(session: Session, span: Span, bound: Binding, hr: Collection[str]) -> Season:
    """Store the season with its teams and those who count in it; the ledger's entry is the caller's.

    Who may open a summary counts in none: managers, and HR (`hr`, Slack ids). Who has not agreed to all that may see
    summaries now does not count either, until they opt in again; nor does anybody whose own terms would let them drop
    out of the season before it is over.
    """
    assert bound.current is not None
    viewers = bound.current.who_sees.team_summaries
    season = Season(number=span.number, first_week=span.first_week, opened_at=bound.now, viewers=list(viewers))
    session.add(season)
    session.flush()
    session.add_all(_as_they_stand(session, span.number))
    session.flush()
    agreed = [
        each
        for each, own in bound.of_all_consents().items()
        if set(viewers) <= set(own.who_sees.team_summaries) and lasts_a_season(own)
    ]
    seasons.count_in(session, Counting(span.number, agreed, span.counted_from, span.first_week, hr))
    _settle(session, span.number, bound)
    return season


def _as_they_stand(session: Session, season: int) -> list[SeasonTeam]:
    numbers: dict[int | None, int] = {None: COMPANY}
    found = [_empty(season, COMPANY, None, None, "")]
    # By name in the program's own order: databases sort text in different ways.
    for team_id, parent_id, path in sorted(seasons.open_teams(session), key=lambda team: team[2].split(SEPARATOR)):
        numbers[team_id] = len(found)
        found.append(_empty(season, len(found), numbers[parent_id], team_id, path))
    return found


def _empty(season: int, number: int, parent: int | None, team_id: int | None, path: str) -> SeasonTeam:
    return SeasonTeam(
        season=season,
        number=number,
        parent=parent,
        team_id=team_id,
        path=path,
        size=0,
        smallest_group=0,
        planned=False,
    )


def _settle(session: Session, season: int, bound: Binding) -> None:
    """Work out sizes, smallest groups and what is shown at all."""
    own: dict[int, int] = {}
    strictest: dict[int, int] = {}
    for team, policy_hash, people in seasons.counted(session, season):
        own[team] = own.get(team, 0) + people
        strictest[team] = max(strictest.get(team, 0), bound.of_consent(policy_hash).smallest_group)
    teams = _sized(teams_of(session, season), own, strictest)
    numbers = planned(teams, own)
    found = [
        {
            "number": team.number,
            "size": team.size,
            "smallest_group": team.smallest_group,
            "planned": team.number in numbers,
        }
        for team in teams
    ]
    seasons.settle(session, season, found)


def _sized(teams: Sequence[Team], own: dict[int, int], strictest: dict[int, int]) -> list[Team]:
    """The teams with those below counted in: how many, and the largest smallest group that any of them agreed to."""
    sizes = [own.get(team.number, 0) for team in teams]
    groups = [strictest.get(team.number, 0) for team in teams]
    for team in reversed(teams):
        if team.parent is not None:
            sizes[team.parent] += sizes[team.number]
            groups[team.parent] = max(groups[team.parent], groups[team.number])
    return [
        replace(team, size=size, smallest_group=group) for team, size, group in zip(teams, sizes, groups, strict=True)
    ]


def teams_of(session: Session, season: int) -> list[Team]:
    """The season's teams, those above before those below; a team's number is its place in the list."""
    return [
        Team(row.number, row.parent, row.path, row.size, row.smallest_group, row.planned)
        for row in seasons.teams(session, season)
    ]
