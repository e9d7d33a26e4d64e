"""Whether a tool's rows can be matched to a person, and forgetting those that no longer may be."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, delete, exists
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from storage.consents import ConsentRecord
from storage.database import owe_scrub
from storage.tables import ConsentTool, UsageDay

# Built once, and not through the ORM: whoever opens Home waits for the answer.
_HAS_ROWS = exists().where(
    col(UsageDay.person_id) == col(ConsentTool.person_id), col(UsageDay.tool) == col(ConsentTool.tool)
)
_WITHOUT_ROWS = sa_select(col(ConsentTool.tool)).where(col(ConsentTool.person_id) == bindparam("person"), ~_HAS_ROWS)


def unmatched(session: Session, held: ConsentRecord, identifiers: Mapping[str, str]) -> set[str]:
    """The tools that a person consented to without our knowing their name there, or having any row of it.

    `identifiers` says which kind of identity each tool's own reports carry; a table may have brought rows by another.
    """
    unnamed = {tool for tool in held.tools if identifiers[tool] not in held.identities}
    if not unnamed:
        return set()
    return unnamed.intersection(session.connection().scalars(_WITHOUT_ROWS, {"person": held.consent.person_id}))


def forget_other_tools(session: Session, person_id: str, kept: Collection[str]) -> None:
    """Delete the person's usage of every tool that is not in `kept`; the bytes are owed to be wiped."""
    mine = delete(UsageDay).where(col(UsageDay.person_id) == person_id)
    if session.exec(mine.where(col(UsageDay.tool).not_in(list(kept)))).rowcount:
        owe_scrub(session)
