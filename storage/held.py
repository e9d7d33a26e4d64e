"""Everything held about one person: to show it, to hand it over, to delete it.

The tables are found by their foreign key to `person`, so that a new one cannot be forgotten.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, and_, delete, or_, select, update
from sqlmodel import Session

from storage import belonging, deletions
from storage.database import owe_scrub
from storage.deliveries import WITHOUT_CONSENT
from storage.tables import Base

Rows = list[dict[str, Any]]

_PERSON: Table = Base.metadata.tables["person"]
_DELIVERY: Table = Base.metadata.tables["delivery"]
_CONSENT: Table = Base.metadata.tables["consent"]
_VERSION: Table = Base.metadata.tables["policy_version"]
_DRAFT: Table = Base.metadata.tables["policy_draft"]
_WAVE: Table = Base.metadata.tables["wave"]
_REPLY: Table = Base.metadata.tables["clause_reply"]
_COHORT: Table = Base.metadata.tables["cohort"]
_SEASON_TEAM: Table = Base.metadata.tables["season_team"]
_VIEWER: Table = Base.metadata.tables["summary_viewer"]
_ENTRY: Table = Base.metadata.tables["ledger_entry"]


def personal_tables() -> Iterator[Table]:
    """Every table with rows of a person other than `person` itself, parents first."""
    for table in Base.metadata.sorted_tables:
        if any(key.column.table is _PERSON for key in table.foreign_keys):
            yield table


def rows_of(session: Session, person_id: str) -> dict[str, Rows]:
    """Every row held about the person, by table, and what they did in office; tables without any are left out."""
    found = {_PERSON.name: _rows(session, _PERSON, _PERSON.c.id == person_id)}
    for table in personal_tables():
        found[table.name] = _rows(session, table, table.c.person_id == person_id)
    found[_COHORT.name] = _counted_in(session, person_id)
    found |= _on_record(session, person_id) | _on_record_of_summaries(session, person_id)
    return {name: rows for name, rows in found.items() if rows}


def _on_record(session: Session, person_id: str) -> dict[str, Rows]:
    """What the person published, proposed or confirmed as HR, which pulses they opened and what they replied to: a
    record of office, which no opting out deletes."""
    version, draft, wave, reply = _VERSION.c, _DRAFT.c, _WAVE.c, _REPLY.c
    published = select(version.number, version.published_at).where(version.publisher == person_id)
    columns = (draft.proposed_by, draft.proposed_at, draft.state, draft.publish_at, draft.confirmed_by)
    handed_in = select(*columns).where(or_(draft.proposed_by == person_id, draft.confirmed_by == person_id))
    opened = select(wave.number, wave.opened_at).where(wave.opened_by == person_id)
    # The words of a reply are among the results, where everybody reads them.
    written = select(reply.clause, reply.wave, reply.written_at).where(reply.written_by == person_id)
    statements = {
        _VERSION: published.order_by(version.number),
        _DRAFT: handed_in.order_by(draft.proposed_at),
        _WAVE: opened.order_by(wave.number),
        _REPLY: written.order_by(reply.written_at, reply.id),
    }
    return {table.name: _executed(session, statement) for table, statement in statements.items()}


def _counted_in(session: Session, person_id: str) -> Rows:
    """In which team the person counts, by season: with its path, since its number says nothing to anybody."""
    counted, team = _COHORT.c, _SEASON_TEAM.c
    same = and_(team.season == counted.season, team.number == counted.team)
    statement = select(_COHORT, team.path).join_from(_COHORT, _SEASON_TEAM, same).where(counted.person_id == person_id)
    return _executed(session, statement.order_by(counted.season))


def _on_record_of_summaries(session: Session, person_id: str) -> dict[str, Rows]:
    """Which team's summary the person may open, and what the ledger says that they did: a record of office as well."""
    viewer, team, entry = _VIEWER.c, _SEASON_TEAM.c, _ENTRY.c
    same = and_(team.season == viewer.season, team.number == viewer.team)
    managed = select(viewer.season, viewer.team, team.path, viewer.since).join_from(_VIEWER, _SEASON_TEAM, same)
    written = select(entry.number, entry.at, entry.what, entry.about, entry.season, entry.teams)
    return {
        _VIEWER.name: _executed(session, managed.where(viewer.viewer == person_id)),
        _ENTRY.name: _executed(session, written.where(entry.who == person_id).order_by(entry.number)),
    }


def _executed(session: Session, statement: Select[Any]) -> Rows:
    return [dict(row) for row in session.connection().execute(statement).mappings()]


def _rows(session: Session, table: Table, condition: Any) -> Rows:
    return _executed(session, select(table).where(condition).order_by(*table.primary_key.columns))


def erase(session: Session, person_id: str, *, open_week: str, now: datetime) -> list[int]:
    """Delete everything held about the person; returns the ids of the Slack messages and files now to be deleted.

    What stays: the row in `person`, and the keys of the open ISO week's deliveries, without channel or time, so that
    no second message can follow. A delivery still waiting is dropped, unless it needs no consent. The bytes
    are left to `database.scrub`.
    """
    belonging.end_viewing(session, person_id)
    connection = session.connection()
    # A worker that marks a message as sent locks the consent first: without the lock it could add one after the list.
    connection.execute(select(_CONSENT.c.person_id).where(_CONSENT.c.person_id == person_id).with_for_update())
    queued = deletions.queue_all_of(session, person_id, now)
    for table in reversed(list(personal_tables())):
        if table is not _DELIVERY:
            connection.execute(delete(table).where(table.c.person_id == person_id))
    _forget_deliveries(session, person_id, open_week, now)
    owe_scrub(session)
    return queued


def forget(session: Session, person_id: str, now: datetime) -> None:
    """Erase the person and delete what `erase` keeps, the row in `person` too: nothing will ever be sent to them."""
    erase(session, person_id, open_week="", now=now)
    deletions.forget_home(session, person_id)
    session.connection().execute(delete(_DELIVERY).where(_DELIVERY.c.person_id == person_id))
    session.connection().execute(delete(_PERSON).where(_PERSON.c.id == person_id))


def _forget_deliveries(session: Session, person_id: str, open_week: str, now: datetime) -> None:
    connection, row = session.connection(), _DELIVERY.c
    # What is being posted, or may have been, stays until that is known: only then can Slack be told to delete it.
    settled = and_(row.state.not_in(("sending", "unknown")), row.sweep_at.is_(None))
    connection.execute(delete(_DELIVERY).where(row.person_id == person_id, row.week < open_week, settled))
    # Whoever opts out is still asked in a pulse, like everybody else, and told of a summary that is theirs to open.
    waiting = and_(row.person_id == person_id, row.state.in_(("ready", "claimed")), row.kind.not_in(WITHOUT_CONSENT))
    # A higher fence makes the worker that has claimed it too late.
    dropped = {"state": "dropped", "reason": "opted out", "fence": row.fence + 1, "finished_at": now}
    connection.execute(update(_DELIVERY).where(waiting).values(dropped))
    finished = and_(row.person_id == person_id, row.state.in_(("sent", "dropped", "failed")))
    connection.execute(update(_DELIVERY).where(finished).values(channel=None, ts=None))
