"""Usage: who may be matched to a tool's rows, and where imported rows came from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, delete, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from storage.tables import Consent, ConsentTool, Identity, Person, UsageImport

LOGIN = "github_login"


@dataclass(frozen=True)
class Provenance:
    """What an import's rows are: the source's name, "day" or "week", and the form of the file."""

    source: str
    granularity: str
    schema_version: str
    fetched_at: datetime


def _consented(tools: Collection[str]) -> Select[str, str, date]:
    return (
        core_select(col(ConsentTool.person_id), col(ConsentTool.tool), col(ConsentTool.since))
        .join(Consent, col(Consent.person_id) == col(ConsentTool.person_id))
        .join(Person, col(Person.id) == col(ConsentTool.person_id))
        .where(col(Person.active), col(ConsentTool.tool).in_(tools))
    )


def consented(session: Session, tools: Collection[str]) -> dict[tuple[str, str], date]:
    """(person id, tool) of all active persons who consented to these tools → the day from which they did."""
    return {(person_id, tool): since for person_id, tool, since in session.connection().execute(_consented(tools))}


def hold(session: Session, person_ids: Collection[str]) -> None:
    """Until the transaction ends, nobody who first locks one of these people's consent (to erase) gets on.

    What is read after this is therefore still true when the transaction commits. SQLite has one writer: there that is
    so in any case.
    """
    statement = select(Consent.person_id).where(col(Consent.person_id).in_(person_ids)).order_by(col(Consent.person_id))
    session.exec(statement.with_for_update(read=True, key_share=True)).all()


def identities(session: Session, tools: Collection[str], kind: str) -> dict[str, dict[str, str]]:
    """tool → identity → person id of the active persons who consented to the tool and have such an identity."""
    statement = (
        _consented(tools)
        .add_columns(col(Identity.value))
        .join(Identity, and_(col(Identity.person_id) == col(ConsentTool.person_id), col(Identity.kind) == kind))
    )
    found: dict[str, dict[str, str]] = {}
    for person_id, tool, _since, value in session.connection().execute(statement):
        found.setdefault(tool, {})[value] = person_id
    return found


def replace_logins(session: Session, logins: Mapping[str, str], verified_by: str) -> None:
    """Store the GitHub logins of these persons (person id → login) in place of what was known of either."""
    if not logins:
        return
    people, values = list(logins), list(logins.values())
    same = or_(col(Identity.person_id).in_(people), col(Identity.value).in_(values))
    session.exec(delete(Identity).where(col(Identity.kind) == LOGIN, same))
    session.add_all(
        Identity(person_id=person_id, kind=LOGIN, value=login, verified_by=verified_by)
        for person_id, login in logins.items()
    )
    session.flush()


def open_imports(session: Session, tools: Sequence[str], provenance: Provenance) -> dict[str, int]:
    """A new import for each tool: tool → import id."""
    imports = [
        UsageImport(
            source=provenance.source,
            tool=tool,
            granularity=provenance.granularity,
            schema_version=provenance.schema_version,
            fetched_at=provenance.fetched_at,
        )
        for tool in tools
    ]
    session.add_all(imports)
    session.flush()
    return {row.tool: row.id for row in imports if row.id is not None}


def close_imports(session: Session, imports: Mapping[str, int], spans: Mapping[str, tuple[date, date]]) -> None:
    """Note the first and last day each import brought; an import that brought none is removed."""
    for tool, import_id in imports.items():
        row = session.get_one(UsageImport, import_id)
        if tool in spans:
            row.data_from, row.data_through = spans[tool]
        else:
            session.delete(row)
    session.flush()
