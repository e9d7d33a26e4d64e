"""What a new directory does to team summaries while a season is under way: who counts, and where, stays until it is
over.

Nothing here says who counts in a summary, or how many people do: everybody who moves is counted alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.people.directory_plan import Places, Plan
from bot.teams.calendar import Span, cut_off
from bot.weeks import day_words
from storage import directory, releases, seasons
from storage.database import Session
from storage.directory import Place


@dataclass(frozen=True)
class Effect:
    """What stays as it is for the weeks up to `until`, the season's last day, and what does not.

    `kept`: paths of teams of the season that are renamed or go, as the season has them. `moving`: how many people
    leave a team for another place. `managers_moving`, `_new` and `_gone`: how many manage another team than before, one
    for the first time, and none any more.
    """

    until: date
    kept: tuple[str, ...] = ()
    moving: int = 0
    managers_moving: int = 0
    managers_new: int = 0
    managers_gone: int = 0


def effect(session: Session, current: Places, change: Plan, now: datetime) -> Effect | None:
    """What the change does to the season under way; None when there is none."""
    season = _under_way(session, now)
    if season is None:
        return None
    before = {person: _renamed(change, current[person]) for person in change.moves}
    places = [(before[person], place) for person, place in change.moves.items()]
    managed = [(_managed(old), _managed(new)) for old, new in places]
    return Effect(
        until=season.last_day,
        kept=tuple(_kept(session, season, change)),
        moving=sum(old.team is not None and old.team != new.team for old, new in places),
        managers_moving=sum(None not in (old, new) and old != new for old, new in managed),
        managers_new=sum(old is None and new is not None for old, new in managed),
        managers_gone=sum(old is not None and new is None for old, new in managed),
    )


def losing(current: Places, change: Plan) -> list[str]:
    """Who does not manage any more what they managed, by Slack id."""
    places = ((person, _renamed(change, current[person]), new) for person, new in change.moves.items())
    return sorted(person for person, old, new in places if _managed(old) not in (None, _managed(new)))


def _managed(place: Place) -> str | None:
    return place.team if place.is_manager else None


def _renamed(change: Plan, place: Place) -> Place:
    """The place under the name that its team has afterwards."""
    return place._replace(team=change.renamed.get(place.team, place.team)) if place.team else place


def _under_way(session: Session, now: datetime) -> Span | None:
    """The season of which weeks are still to be released."""
    season, newest = seasons.newest(session), releases.newest(session)
    if season is None:
        return None
    span = Span(season.number, season.first_week)
    over = now >= cut_off(span.next.first_week) or (newest is not None and newest.week >= span.last_week)
    return None if over else span


def _kept(session: Session, season: Span, change: Plan) -> Iterator[str]:
    ids = directory.team_ids(session)
    paths = {team.team_id: team.path for team in seasons.teams(session, season.number) if team.team_id is not None}
    for path in sorted([*change.renamed, *change.vanished]):
        if ids[path] in paths:
            yield paths[ids[path]]


def lines(found: Effect) -> Iterator[str]:
    """What an operator is told of it, a sentence or two a line."""
    until = f"{day_words(found.until)} {found.until.year}"
    if found.kept:
        names = ", ".join(found.kept)
        yield f"Team summaries keep these teams, with their names and people, for the weeks up to {until}: {names}."
    if found.moving:
        yield (
            f"{_people(found.moving)} out of a team. Whoever of them counts in a summary is not moved in it for the "
            f"weeks up to {until}. Nobody is told who counts."
        )
    yield from _managers(found)


def _managers(found: Effect) -> Iterator[str]:
    own = "they see its summary from the next release on (that of a new team from the next season on, if there is one)"
    if found.managers_moving:
        yield f"Managers who take another team: {found.managers_moving}; {own}, and nothing of the old one any more."
    if found.managers_new:
        yield f"People who come to manage a team: {found.managers_new}; {own}."
    if found.managers_gone:
        yield f"Managers who have no team any more: {found.managers_gone}; they see no summary any more."


def _people(number: int) -> str:
    return "1 person moves" if number == 1 else f"{number} people move"
