"""What the weekly digest reads, for many people at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, case, func, or_, select
from sqlmodel import Session

from storage.tables import Base

_DAY = Base.metadata.tables["usage_day"]
_IMPORT = Base.metadata.tables["usage_import"]
COUNTS = (
    "sessions",
    "prompts",
    "requests",
    "tokens_in_uncached",
    "tokens_cache_read",
    "tokens_cache_write",
    "tokens_out",
    "suggestions_shown",
    "suggestions_accepted",
    "suggestions_rejected",
    "credits",
)


@dataclass(frozen=True)
class Span:
    """`weeks` ISO weeks that end with the week that begins on `last`."""

    last: date
    weeks: int

    @property
    def first(self) -> date:
        return self.last - timedelta(weeks=self.weeks - 1)

    @property
    def mondays(self) -> list[date]:
        return [self.first + timedelta(weeks=n) for n in range(self.weeks)]


def week_sums(session: Session, person_ids: Sequence[str], week: date) -> Sequence[Row[Any]]:
    """One row per (person_id, tool, surface) of the week: the days with `active` true, and the sum of each count.

    A sum is None when the tool reported none of it.
    """
    keys = (_DAY.c.person_id, _DAY.c.tool, _DAY.c.surface)
    active = func.sum(case((_DAY.c.active.is_(True), 1), (_DAY.c.active.is_(False), 0)))
    sums = [func.sum(_DAY.c[name]).label(name) for name in COUNTS]
    statement = (
        select(*keys, active.label("active_days"), func.max(_DAY.c.credit_unit).label("credit_unit"), *sums)
        .where(_DAY.c.person_id.in_(person_ids), _DAY.c.day.between(week, week + timedelta(days=6)))
        .group_by(*keys)
        .order_by(*keys)
    )
    return session.connection().execute(statement).all()


def active_days(session: Session, person_ids: Sequence[str], span: Span) -> Sequence[Row[Any]]:
    """One row per (person_id, tool, week index): the days on which a daily tool reported use.

    That is `active`, or any count above zero; a day that is reported as unused is none.
    """
    index = case(*((_DAY.c.day >= monday, n) for n, monday in reversed(list(enumerate(span.mondays)))))
    keys = (_DAY.c.person_id, _DAY.c.tool, index)
    statement = (
        select(_DAY.c.person_id, _DAY.c.tool, index.label("week"), func.count(_DAY.c.day.distinct()).label("days"))
        .join(_IMPORT, _IMPORT.c.id == _DAY.c.import_id)
        .where(
            _DAY.c.person_id.in_(person_ids),
            _DAY.c.day.between(span.first, span.last + timedelta(days=6)),
            _IMPORT.c.granularity == "day",
            or_(_DAY.c.active.is_(True), *(_DAY.c[name] > 0 for name in COUNTS)),
        )
        .group_by(*keys)
    )
    return session.connection().execute(statement).all()


def data_through(session: Session) -> dict[str, date]:
    """The newest day that any import brought, by tool."""
    statement = select(_IMPORT.c.tool, func.max(_IMPORT.c.data_through)).group_by(_IMPORT.c.tool)
    return {tool: day for tool, day in session.connection().execute(statement).all() if day is not None}
