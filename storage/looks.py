"""The ledger as one person may read it: what concerns summaries that they are part of, and what concerns everybody."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.tables import LedgerEntry


def entries(
    session: Session,
    counted: Mapping[int, Collection[int]],
    *,
    of_summaries: Collection[str],
    before: int | None,
    limit: int,
) -> Sequence[LedgerEntry]:
    """Entries, newest first, with numbers below `before` (None: from the newest on), at most `limit`.

    Those of the kinds `of_summaries` only where they are about one of the teams that are `counted`, numbers by season;
    all others are for everybody.
    """
    concerning = [_about(session, season, teams) for season, teams in counted.items() if teams]
    statement = select_rows(LedgerEntry).where(or_(col(LedgerEntry.what).not_in(of_summaries), *concerning))
    if before is not None:
        statement = statement.where(col(LedgerEntry.number) < before)
    return session.exec(statement.order_by(col(LedgerEntry.number).desc()).limit(limit)).all()


def _about(session: Session, season: int, teams: Collection[int]) -> ColumnElement[bool]:
    """Whether an entry is about one of these teams of the season."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    unfold = func.json_array_elements_text if postgresql else func.json_each
    each = unfold(col(LedgerEntry.teams)).table_valued("value")
    among = exists(select(1).select_from(each).where(cast(each.c.value, Integer).in_(teams)))
    return and_(col(LedgerEntry.season) == season, among)
