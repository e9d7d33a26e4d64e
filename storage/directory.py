"""The one hierarchy of teams, and each person's place in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select, update

from storage.tables import Base, Person, SeasonTeam, Team

SEPARATOR = " / "


class Place(NamedTuple):
    """Where a person stands: the path of their team (None without one) and whether they manage it."""

    team: str | None
    is_manager: bool = False


NOWHERE = Place(None)


def team_ids(session: Session) -> dict[str, int]:
    """The id of every team by its path, "Engineering / Payments"."""
    rows = session.exec(select(Team.path, Team.id))
    return {path: team_id for path, team_id in rows if team_id is not None}


def places(session: Session) -> dict[str, Place]:
    """The place of every person of the roster by Slack id, leavers too."""
    paths = {team_id: path for path, team_id in team_ids(session).items()}
    rows = session.exec(select(Person.id, Person.team_id, Person.is_manager))
    return {person: Place(paths.get(team or 0), manager) for person, team, manager in rows}


def replace_directory(
    session: Session,
    *,
    renamed: Mapping[str, str],
    new: Iterable[str],
    vanished: Iterable[str],
    moves: Mapping[str, Place],
) -> None:
    """Renames and adds teams, puts the persons of `moves` into their places, removes teams that are empty then.

    `renamed` maps old paths to new ones: such a team keeps its id. A team that somebody is still in, or that has
    a team below it, cannot vanish: the database refuses with an IntegrityError and the caller's transaction ends.
    """
    ids = team_ids(session)
    _rename(session, ids, renamed)
    _add(session, ids, new)
    _adopt(session, ids, renamed.values())
    _move(session, ids, moves)
    _remove(session, [ids[path] for path in sorted(vanished, key=_depth, reverse=True)])


def _depth(path: str) -> int:
    return path.count(SEPARATOR)


def _parent(ids: Mapping[str, int], path: str) -> int | None:
    above, _, _ = path.rpartition(SEPARATOR)
    return ids[above] if above else None


def _name(path: str) -> str:
    return path.rpartition(SEPARATOR)[2]


def _rename(session: Session, ids: dict[str, int], renamed: Mapping[str, str]) -> None:
    for old, path in renamed.items():
        ids[path] = ids.pop(old)
        changed = update(Team).where(col(Team.id) == ids[path])
        session.exec(changed.values(path=path, name=_name(path)))


def _add(session: Session, ids: dict[str, int], new: Iterable[str]) -> None:
    for path in sorted(new, key=_depth):
        team = Team(parent_id=_parent(ids, path), name=_name(path), path=path)
        session.add(team)
        session.flush()
        assert team.id is not None
        ids[path] = team.id


def _adopt(session: Session, ids: Mapping[str, int], paths: Iterable[str]) -> None:
    for path in paths:
        session.exec(update(Team).where(col(Team.id) == ids[path]).values(parent_id=_parent(ids, path)))


def _move(session: Session, ids: Mapping[str, int], moves: Mapping[str, Place]) -> None:
    if not moves:
        return
    rows = [
        {"person": person, "team": ids[place.team] if place.team else None, "manager": place.is_manager}
        for person, place in moves.items()
    ]
    table = Base.metadata.tables["person"]
    statement = table.update().where(table.c.id == bindparam("person"))
    session.connection().execute(statement.values(team_id=bindparam("team"), is_manager=bindparam("manager")), rows)


def _remove(session: Session, team_ids: Sequence[int]) -> None:
    for team_id in team_ids:
        # SQLite may give the id to the next team that comes: a season must not take that one for the old one.
        session.exec(update(SeasonTeam).where(col(SeasonTeam.team_id) == team_id).values(team_id=None))
        session.exec(delete(Team).where(col(Team.id) == team_id))
