"""What a new directory would change, against what is held now."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.people.hierarchy import with_ancestors
from storage.directory import NOWHERE, SEPARATOR, Place

Places = Mapping[str, Place]


@dataclass(frozen=True)
class Plan:
    """The difference: teams by path, persons by Slack id with their new place."""

    new: tuple[str, ...]
    renamed: Mapping[str, str]
    vanished: tuple[str, ...]
    moves: Mapping[str, Place]


def plan(current: Places, teams: Collection[str], wanted: Places, kept: Collection[str]) -> Plan:
    """The file is the whole truth: who is not in `wanted` loses team and manager flag, except the `kept`.

    `current` has the place of every person of the roster, `teams` every path held. A team that keeps all its
    people under another path counts as renamed, so that whatever hangs on it stays with it.
    """
    after = {person: wanted.get(person, NOWHERE) for person in current if person not in kept}
    staying = {person: current[person] for person in kept if person in current}
    paths = with_ancestors(place.team for place in [*after.values(), *staying.values()] if place.team)
    gone, fresh = set(teams) - paths, paths - set(teams)
    renamed = _renames(_crews(current), gone, _crews(after | staying), fresh)
    moves = {person: place for person, place in after.items() if place != current[person]}
    return Plan(
        new=tuple(sorted(fresh - set(renamed.values()))),
        renamed=dict(sorted(renamed.items())),
        vanished=tuple(sorted(gone - set(renamed))),
        moves=moves,
    )


Crew = tuple[int, frozenset[str]]


def _crews(places: Places) -> dict[str, Crew]:
    """Depth and people of each team that anybody is in, teams below included."""
    people: dict[str, set[str]] = {}
    for person, place in places.items():
        for path in with_ancestors([place.team] if place.team else []):
            people.setdefault(path, set()).add(person)
    return {path: (path.count(SEPARATOR), frozenset(crew)) for path, crew in people.items()}


def _renames(
    before: Mapping[str, Crew], gone: Collection[str], after: Mapping[str, Crew], fresh: Collection[str]
) -> dict[str, str]:
    new_name = {after[path]: path for path in fresh}
    return {path: new_name[before[path]] for path in gone if path in before and before[path] in new_name}


def arrivals(current: Places, change: Plan) -> dict[str, int]:
    """How many persons come into each team ("" for none) from another one; a renamed team's people do not move."""
    counts: Counter[str] = Counter()
    for person, place in change.moves.items():
        before = current[person].team
        if place.team != (change.renamed.get(before, before) if before else None):
            counts[place.team or ""] += 1
    return dict(sorted(counts.items()))
