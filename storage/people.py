"""Who the persons are, and whether the workspace still wants to hear from us."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from storage.inserting import insert
from storage.tables import Person, Preference, Workspace


class RosterRow(NamedTuple):
    """What the roster keeps of one person: Slack id, IANA zone, whether the account is in use."""

    id: str
    tz: str
    active: bool = True


# Built once: nearly everything that somebody does begins with it.
_BY_ID = select(Person).where(col(Person.id) == bindparam("person"))


def get(session: Session, person_id: str) -> Person | None:
    """The person of that Slack id; None for guests, bots and everybody else who has no row."""
    return session.exec(_BY_ID, params={"person": person_id}).first()


def roster(session: Session) -> dict[str, RosterRow]:
    """Every person's row by id, leavers too."""
    rows = session.exec(select(Person.id, Person.tz, Person.active))
    return {person_id: RosterRow(person_id, tz, active) for person_id, tz, active in rows}


def upsert_roster(session: Session, rows: Sequence[RosterRow]) -> None:
    """Writes new persons and changes known ones, keeping team, manager flag and invitation preference.

    Each of them is planned anew, because an old due time belongs to another zone or to the time before they left.
    """
    if not rows:
        return
    statement = insert(session, Person).values(is_manager=False, invitations=True)
    left_at = case((statement.excluded.active, None), else_=col(Person.left_at))
    new = {"tz": statement.excluded.tz, "active": statement.excluded.active, "left_at": left_at}
    upsert = statement.on_conflict_do_update(index_elements=["id"], set_=new)
    session.connection().execute(upsert, [row._asdict() for row in rows])
    _plan_anew(session, [row.id for row in rows])


def deactivate(session: Session, person_ids: Sequence[str], now: datetime | None) -> int:
    """Marks the persons as gone and returns how many were not yet; their rows stay until retention takes them.

    With no `now`, they are dated by `date_leavers`.
    """
    active = update(Person).where(col(Person.active)).values(active=False, left_at=now)
    return sum(session.exec(active.where(col(Person.id).in_(ids))).rowcount for ids in _slices(person_ids))


def date_leavers(session: Session, now: datetime) -> None:
    """Whoever is gone without anybody having said since when counts as gone since `now`."""
    undated = update(Person).where(col(Person.active).is_(False), col(Person.left_at).is_(None))
    session.exec(undated.values(left_at=now))


def hold_leaver(session: Session, person_id: str, moment: datetime) -> bool:
    """Whether the person is still gone since before `moment`; until the transaction ends, they cannot come back."""
    gone = col(Person.active).is_(False), col(Person.left_at) < moment
    return session.exec(select(Person.id).where(Person.id == person_id, *gone).with_for_update()).first() is not None


def _plan_anew(session: Session, person_ids: Sequence[str]) -> None:
    unplanned = update(Preference).values(next_due=None)
    for ids in _slices(person_ids):
        session.exec(unplanned.where(col(Preference.person_id).in_(ids)))


def _slices(person_ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """Pieces small enough for the number of values that one statement may carry."""
    for start in range(0, len(person_ids), size):
        yield person_ids[start : start + size]


def ensure_workspace(session: Session, workspace_id: str, name: str) -> Workspace:
    """The workspace's row, made or renamed where needed. A stopped one stays stopped."""
    workspace = session.get(Workspace, workspace_id) or _first_workspace(session, workspace_id, name)
    workspace.name = name
    session.flush()
    return workspace


def _first_workspace(session: Session, workspace_id: str, name: str) -> Workspace:
    workspace = Workspace(id=workspace_id, name=name)
    try:
        with session.begin_nested():
            session.add(workspace)
    except IntegrityError:
        # Replicas started for the first time at the same moment: another one's row is there now.
        return session.exec(select(Workspace).where(Workspace.id == workspace_id)).one()
    return workspace


def stop_workspace(session: Session, reason: str, now: datetime) -> bool:
    """Stops all sending, until `resume_workspace`. False when it had stopped before: the first reason stays."""
    running = update(Workspace).where(col(Workspace.stopped_at).is_(None))
    return session.exec(running.values(stopped_at=now, stop_reason=reason)).rowcount > 0


def resume_workspace(session: Session, workspace_id: str) -> bool:
    """Lets messages go out again, after the app was installed anew. False when they already could."""
    stopped = col(Workspace.stopped_at).is_not(None)
    again = update(Workspace).where(col(Workspace.id) == workspace_id, stopped)
    return session.exec(again.values(stopped_at=None, stop_reason=None)).rowcount > 0


def lock(session: Session, person_id: str) -> None:
    """Until the transaction ends, nobody else who locks this person gets on. SQLite has one writer anyway."""
    session.exec(select(Person.id).where(Person.id == person_id).with_for_update()).first()


def workspace_id(session: Session) -> str | None:
    """The id of the workspace the bot is installed in; None before its first start."""
    return session.exec(select(Workspace.id).limit(1)).first()


def among(session: Session, person_ids: Sequence[str]) -> dict[str, Person]:
    """These people's rows, for a batch of digests."""
    rows = session.exec(select(Person).where(col(Person.id).in_(person_ids)))
    return {row.id: row for row in rows}
