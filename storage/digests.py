"""What the weekly digest reads, for many people at once: a handful of statements, built once and without the ORM."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, or_, select, text
from sqlmodel import Session

from storage.tables import COUNTS, Base

_TABLES = Base.metadata.tables
_PERSON = _TABLES["person"].c
_CONSENT = _TABLES["consent"].c
_PREFERENCE = _TABLES["preference"].c
_TOOL = _TABLES["consent_tool"].c
_IDENTITY = _TABLES["identity"].c
_CHECK_IN = _TABLES["check_in"].c
_DAY = _TABLES["usage_day"].c
_IMPORT = _TABLES["usage_import"].c
SUMMED = (*COUNTS, "credits")

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Span:
    """`weeks` ISO weeks that end with the week that begins on `last`."""

    last: date
    weeks: int

    @property
    def first(self) -> date:
        return self.last - timedelta(weeks=self.weeks - 1)

    @property
    def last_day(self) -> date:
        return self.last + timedelta(days=6)

    @property
    def mondays(self) -> list[date]:
        return [self.first + timedelta(weeks=n) for n in range(self.weeks)]


def _among(column: ColumnElement[str]) -> ColumnElement[bool]:
    return column.in_(bindparam("people", expanding=True))


def _read(session: Session, statement: Select[Any], person_ids: Sequence[str], **values: Any) -> Rows:
    return session.connection().execute(statement, {"people": list(person_ids), **values}).all()


_OPTED_IN = (
    select(_PERSON.id, _PERSON.tz, _CONSENT.figures_in_dm, _PREFERENCE.weekday, _PREFERENCE.hour)
    .join_from(_TABLES["person"], _TABLES["consent"], _CONSENT.person_id == _PERSON.id)
    .join(_TABLES["preference"], _PREFERENCE.person_id == _PERSON.id)
    .where(_among(_PERSON.id))
)


def opted_in(session: Session, person_ids: Sequence[str]) -> Rows:
    """One row (id, tz, figures_in_dm, weekday, hour) per person of these who is opted in."""
    return _read(session, _OPTED_IN, person_ids)


_ROWS_OF_IT = (
    exists().where(_DAY.person_id == _TOOL.person_id, _DAY.tool == _TOOL.tool).correlate(_TABLES["consent_tool"])
)
_TOOLS = (
    select(_TOOL.person_id, _TOOL.tool, _ROWS_OF_IT.label("has_rows"))
    .where(_among(_TOOL.person_id))
    .order_by(_TOOL.person_id, _TOOL.tool)
)


def tools(session: Session, person_ids: Sequence[str]) -> Rows:
    """One row (person_id, tool, has_rows) per tool that a person consented to, in order; rows of any day count."""
    return _read(session, _TOOLS, person_ids)


_KINDS = select(_IDENTITY.person_id, _IDENTITY.kind).where(_among(_IDENTITY.person_id))


def identity_kinds(session: Session, person_ids: Sequence[str]) -> Rows:
    """One row (person_id, kind) per identity that is known."""
    return _read(session, _KINDS, person_ids)


_REPORTED = (
    select(_CHECK_IN.person_id, _CHECK_IN.week, _CHECK_IN.saved, _CHECK_IN.rework, _CHECK_IN.helped, _CHECK_IN.note)
    .where(_among(_CHECK_IN.person_id), _CHECK_IN.week.between(bindparam("first"), bindparam("last")))
    .order_by(_CHECK_IN.person_id, _CHECK_IN.week)
)


def check_ins(session: Session, person_ids: Sequence[str], span: Span) -> Rows:
    """One row (person_id, week, saved, rework, helped, note) per check-in for a week of the span, in order."""
    return _read(session, _REPORTED, person_ids, first=span.first, last=span.last)


_USED = func.sum(case((_DAY.active.is_(True), 1), else_=0))
_SUMS = (
    select(
        _DAY.person_id,
        _DAY.tool,
        _DAY.surface,
        case((_USED > 0, _USED), (func.count(_DAY.active) == func.count(), 0)).label("active_days"),
        func.max(_DAY.import_id).label("import_id"),
        func.max(_DAY.credit_unit).label("credit_unit"),
        *(func.sum(_DAY[name]).label(name) for name in SUMMED),
    )
    .where(_among(_DAY.person_id), _DAY.day.between(bindparam("first"), bindparam("last")))
    .group_by(_DAY.person_id, _DAY.tool, _DAY.surface)
    .order_by(_DAY.person_id, _DAY.tool, _DAY.surface)
)


def week_sums(session: Session, person_ids: Sequence[str], week: date) -> Rows:
    """One row per (person_id, tool, surface) of the week: active_days, the newest import, the credit unit, and last the
    sum of each of `SUMMED`; None when the tool reported none of it.

    `active_days` is 0 only when every one of the rows says "not used": where some say nothing, nobody knows.
    """
    return _read(session, _SUMS, person_ids, first=week, last=week + timedelta(days=6))


_WEEKLY = select(_IMPORT.id).where(_IMPORT.granularity == "week")


def weekly_imports(session: Session) -> frozenset[int]:
    """The imports whose rows are each about a whole week."""
    return frozenset(session.connection().scalars(_WEEKLY))


@cache
def _active_days(weeks: int) -> Select[Any]:
    """The week's index is found from its Monday: `monday_0` is the first of the span."""
    newest_first = reversed(range(weeks))
    index = case(*((_DAY.day >= bindparam(f"monday_{n}", type_=_DAY.day.type), n) for n in newest_first))
    return (
        select(_DAY.person_id, _DAY.tool, index.label("week"), func.count(_DAY.day.distinct()).label("days"))
        .join_from(_TABLES["usage_day"], _TABLES["usage_import"], _IMPORT.id == _DAY.import_id)
        .where(
            _among(_DAY.person_id),
            _DAY.day.between(bindparam("first"), bindparam("last")),
            _IMPORT.granularity == "day",
            or_(_DAY.active.is_(True), *(_DAY[name] > 0 for name in SUMMED)),
        )
        .group_by(_DAY.person_id, _DAY.tool, text("week"))
    )


def active_days(session: Session, person_ids: Sequence[str], span: Span) -> Rows:
    """One row per (person_id, tool, week index): the days on which a daily tool reported use.

    That is `active`, or any count above zero; a day that is reported as unused is none.
    """
    mondays = {f"monday_{n}": monday for n, monday in enumerate(span.mondays)}
    return _read(session, _active_days(span.weeks), person_ids, first=span.first, last=span.last_day, **mondays)


_THROUGH = select(_IMPORT.tool, func.max(_IMPORT.data_through)).group_by(_IMPORT.tool)


def data_through(session: Session) -> dict[str, date]:
    """The newest day that any import brought, by tool."""
    return {tool: day for tool, day in session.connection().execute(_THROUGH).all() if day is not None}
