"""Whether a tool's rows can be matched to a person, and forgetting those that no longer may be."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, delete, exists
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from storage.database import owe_scrub
from storage.tables import ConsentTool, Identity, UsageDay

# Built once, and not through the ORM: whoever opens Home waits for the answer.
_THESE: BindParameter[str] = bindparam("people", expanding=True)
_HAS_ROWS = exists().where(
    col(UsageDay.person_id) == col(ConsentTool.person_id), col(UsageDay.tool) == col(ConsentTool.tool)
)
_WITHOUT_ROWS = sa_select(col(ConsentTool.person_id), col(ConsentTool.tool)).where(
    col(ConsentTool.person_id).in_(_THESE), ~_HAS_ROWS
)
_KINDS = sa_select(col(Identity.person_id), col(Identity.kind)).where(col(Identity.person_id).in_(_THESE))


def unmatched(session: Session, person_ids: Sequence[str], identifiers: Mapping[str, str]) -> dict[str, set[str]]:
    """The tools each of these people consented to without our knowing their name there, or having any row of it.

    `identifiers` says which kind of identity each tool's own reports carry; a table may have brought rows by another.
    People without such a tool are left out.
    """
    these = {"people": list(person_ids)}
    known: dict[str, set[str]] = {}
    for person_id, kind in session.connection().execute(_KINDS, these):
        known.setdefault(person_id, set()).add(kind)
    missing: dict[str, set[str]] = {}
    for person_id, tool in session.connection().execute(_WITHOUT_ROWS, these):
        if identifiers[tool] not in known.get(person_id, set()):
            missing.setdefault(person_id, set()).add(tool)
    return missing


def forget_other_tools(session: Session, person_id: str, kept: Collection[str]) -> None:
    """Delete the person's usage of every tool that is not in `kept`; the bytes are owed to be wiped."""
    mine = delete(UsageDay).where(col(UsageDay.person_id) == person_id)
    if session.exec(mine.where(col(UsageDay.tool).not_in(list(kept)))).rowcount:
        owe_scrub(session)
