"""The ledger as one person may read it: what concerns summaries that they are part of, and what concerns everybody."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, func, literal_column, or_, select
from sqlmodel import Session, col

from storage import ledger_rows
from storage.ledger_rows import Unreadable
from storage.tables import LedgerEntry


def entries(
    session: Session,
    counted: Mapping[int, Collection[int]],
    *,
    of_summaries: Collection[str],
    before: int | None,
    limit: int,
) -> Sequence[LedgerEntry | Unreadable]:
    """Entries, newest first, with numbers below `before` (None: from the newest on), at most `limit`.

    Those of the kinds `of_summaries` only where they are about one of the teams that are `counted`, numbers by season;
    all others are for everybody.
    """
    concerning = [_about(session, season, teams) for season, teams in counted.items() if teams]
    columns = ledger_rows.columns(session, LedgerEntry)
    statement = select(*columns).where(or_(col(LedgerEntry.what).not_in(of_summaries), *concerning))
    if before is not None:
        statement = statement.where(col(LedgerEntry.number) < before)
    rows = session.connection().execute(statement.order_by(col(LedgerEntry.number).desc()).limit(limit))
    return [ledger_rows.entry(session, row) for row in rows]


def _about(session: Session, season: int, teams: Collection[int]) -> ColumnElement[bool]:
    """Whether an entry is about one of these teams of the season."""
    stored = col(LedgerEntry.teams)
    # Whatever a hand has put there: a database refuses to unfold what is no list.
    if session.get_bind().dialect.name == "postgresql":
        listed = case((func.json_typeof(stored) == "array", stored), else_=literal_column("'[]'::json"))
        each = func.json_array_elements_text(listed).table_valued("value")
    else:
        is_json = and_(func.typeof(stored) == "text", func.json_valid(stored) == 1)
        listed = case((is_json, stored), else_=literal_column("'[]'"))
        each = func.json_each(listed).table_valued("value")
    among = exists(select(1).select_from(each).where(cast(each.c.value, Text).in_([str(team) for team in teams])))
    return and_(col(LedgerEntry.season) == season, among)
