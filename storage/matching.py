"""Whether a tool's rows can be matched to a person, and forgetting those that no longer may be."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, exists
from sqlmodel import Session, col, select

from storage.database import owe_scrub
from storage.tables import ConsentTool, Identity, UsageDay


def unmatched(session: Session, person_ids: Sequence[str], identifiers: Mapping[str, str]) -> dict[str, set[str]]:
    """The tools each of these people consented to without our knowing their name there, or having any row of it.

    `identifiers` says which kind of identity each tool's own reports carry; a table may have brought rows by another.
    People without such a tool are left out.
    """
    known: dict[str, set[str]] = {}
    for person_id, kind in session.exec(
        select(Identity.person_id, Identity.kind).where(col(Identity.person_id).in_(person_ids))
    ):
        known.setdefault(person_id, set()).add(kind)
    missing: dict[str, set[str]] = {}
    has_rows = exists().where(
        col(UsageDay.person_id) == col(ConsentTool.person_id), col(UsageDay.tool) == col(ConsentTool.tool)
    )
    for row in session.exec(select(ConsentTool).where(col(ConsentTool.person_id).in_(person_ids), ~has_rows)):
        if identifiers[row.tool] not in known.get(row.person_id, set()):
            missing.setdefault(row.person_id, set()).add(row.tool)
    return missing


def forget_other_tools(session: Session, person_id: str, kept: Collection[str]) -> None:
    """Delete the person's usage of every tool that is not in `kept`; the bytes are owed to be wiped."""
    mine = delete(UsageDay).where(col(UsageDay.person_id) == person_id)
    if session.exec(mine.where(col(UsageDay.tool).not_in(list(kept)))).rowcount:
        owe_scrub(session)
