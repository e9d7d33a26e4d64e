"""Usage: who may be matched to a tool's rows, and where imported rows came from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, bindparam, delete, func, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col

from storage.tables import Consent, ConsentTool, Identity, Person, UsageImport

LOGIN = "github_login"
# With the migrations' lock, the only numbers of ours.
_LOCK = 0x43616E65


@dataclass(frozen=True)
class Provenance:
    """What an import's rows are: the source's name, "day" or "week", and the form of the file."""

    source: str
    granularity: str
    schema_version: str
    fetched_at: datetime


class Agreement(NamedTuple):
    """The day from which a person lets a tool be read, and the version they agreed to."""

    since: date
    policy_hash: str


def _consented(tools: Collection[str]) -> Select[str, str, date, str]:
    return (
        core_select(col(ConsentTool.person_id), col(ConsentTool.tool), col(ConsentTool.since), col(Consent.policy_hash))
        .join(Consent, col(Consent.person_id) == col(ConsentTool.person_id))
        .join(Person, col(Person.id) == col(ConsentTool.person_id))
        .where(col(Person.active), col(ConsentTool.tool).in_(tools))
    )


def consented(session: Session, tools: Collection[str]) -> dict[tuple[str, str], Agreement]:
    """(person id, tool) of all active persons who consented to these tools → since when, and to which version."""
    rows = session.connection().execute(_consented(tools))
    return {(person_id, tool): Agreement(since, policy_hash) for person_id, tool, since, policy_hash in rows}


def keep_imports_out(session: Session) -> None:
    """Until the transaction ends, no import writes. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        # Two imports that bring the same key would else collide.
        session.connection().execute(core_select(func.pg_advisory_xact_lock(_LOCK)))


def hold(session: Session, tools: Collection[str]) -> None:
    """Until the transaction ends no other import writes, and nobody who first locks a consent (to erase) gets on.

    What is read after this of the people who consented to these tools is therefore still true when the transaction
    commits. SQLite has one writer: there that is so in any case.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    keep_imports_out(session)
    theirs = core_select(col(ConsentTool.person_id)).where(col(ConsentTool.tool).in_(tools))
    # The person first, as opting in does: two who lock in opposite orders would wait for each other for ever.
    for table in (Person.id, Consent.person_id):
        held = core_select(col(table)).where(col(table).in_(theirs)).order_by(col(table))
        session.connection().execute(held.with_for_update(read=True, key_share=True)).all()


def identities(session: Session, tools: Collection[str], kind: str) -> dict[str, dict[str, str]]:
    """tool → identity → person id of the active persons who consented to the tool and have such an identity."""
    statement = (
        _consented(tools)
        .add_columns(col(Identity.value))
        .join(Identity, and_(col(Identity.person_id) == col(ConsentTool.person_id), col(Identity.kind) == kind))
    )
    found: dict[str, dict[str, str]] = {}
    for person_id, tool, _since, _policy, value in session.connection().execute(statement):
        found.setdefault(tool, {})[value] = person_id
    return found


def replace_logins(session: Session, logins: Mapping[str, str], verified_by: str) -> None:
    """Store the GitHub logins of these persons (person id → login) in place of what was known of either."""
    if not logins:
        return
    same = or_(col(Identity.person_id) == bindparam("person"), col(Identity.value) == bindparam("login"))
    pairs = [{"person": person_id, "login": login} for person_id, login in logins.items()]
    session.connection().execute(delete(Identity).where(col(Identity.kind) == LOGIN, same), pairs)
    session.add_all(
        Identity(person_id=person_id, kind=LOGIN, value=login, verified_by=verified_by)
        for person_id, login in logins.items()
    )
    session.flush()


def open_imports(session: Session, provenance: Provenance, spans: Mapping[str, tuple[date, date]]) -> dict[str, int]:
    """A new import for each tool that brought anything (tool → its first and last day): tool → import id."""
    imports = [
        UsageImport(
            source=provenance.source,
            tool=tool,
            granularity=provenance.granularity,
            schema_version=provenance.schema_version,
            fetched_at=provenance.fetched_at,
            data_from=first,
            data_through=last,
        )
        for tool, (first, last) in spans.items()
    ]
    session.add_all(imports)
    session.flush()
    return {row.tool: row.id for row in imports if row.id is not None}
