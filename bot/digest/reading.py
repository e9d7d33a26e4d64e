"""Reads the digests of many people in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from bot.digest.digest import WEEKS_SHOWN, Digest, Reported, SurfaceWeek, ToolWeek
from bot.teams.belonging.membership import Membership
from bot.teams.belonging.reading import memberships
from bot.teams.rights import policy_viewers
from bot.usage.catalogue import IDENTIFIERS
from bot.weeks import closes_at
from storage import digests

Rows = list[Row[Any]]


@dataclass(frozen=True)
class _Batch:
    """Everything read for one batch of people and one week, by person id."""

    opted_in: Sequence[Row[Any]]
    tools: dict[str, Rows]
    kinds: dict[str, Rows]
    sums: dict[str, Rows]
    days: dict[str, dict[str, dict[date, int]]]
    check_ins: dict[str, Rows]
    through: dict[str, date]
    weekly: frozenset[int]
    memberships: dict[str, Membership]


def read_digests(session: Session, person_ids: Sequence[str], week: date, now: datetime) -> dict[str, Digest]:
    """The digests for the week that began on `week`, of those of these people who are opted in."""
    batch = _read(session, person_ids, week, now)
    return {row.id: _digest(batch, row, week, now) for row in batch.opted_in}


def _read(session: Session, person_ids: Sequence[str], week: date, now: datetime) -> _Batch:
    span = digests.Span(last=week, weeks=WEEKS_SHOWN)
    days: dict[str, dict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
    mondays = span.mondays
    for row in digests.active_days(session, person_ids, span):
        days[row.person_id][row.tool][mondays[row.week]] = row.days
    return _Batch(
        opted_in=digests.opted_in(session, person_ids),
        tools=_by_person(digests.tools(session, person_ids)),
        kinds=_by_person(digests.identity_kinds(session, person_ids)),
        sums=_by_person(digests.week_sums(session, person_ids, week)),
        days=days,
        check_ins=_by_person(digests.check_ins(session, person_ids, span)),
        through=digests.data_through(session),
        weekly=digests.weekly_imports(session),
        memberships=memberships(session, person_ids, policy_viewers(session, now)),
    )


def _by_person(rows: Iterable[Row[Any]]) -> dict[str, Rows]:
    grouped: dict[str, Rows] = {}
    for row in rows:
        grouped.setdefault(row.person_id, []).append(row)
    return grouped


def _digest(batch: _Batch, person: Row[Any], week: date, now: datetime) -> Digest:
    check_ins = tuple(_reported(row) for row in batch.check_ins.get(person.id, ()))
    return Digest(
        person_id=person.id,
        week=week,
        figures_in_dm=person.figures_in_dm,
        closed=now >= closes_at(week, person.tz),
        weekday=person.weekday,
        hour=person.hour,
        tools=_tools(batch, person.id),
        reported=check_ins[-1] if check_ins and check_ins[-1].week == week else None,
        active_days=batch.days.get(person.id, {}),
        check_ins=check_ins,
        membership=batch.memberships.get(person.id),
    )


def _tools(batch: _Batch, person_id: str) -> tuple[ToolWeek, ...]:
    kinds = {row.kind for row in batch.kinds.get(person_id, ())}
    surfaces: dict[str, list[SurfaceWeek]] = defaultdict(list)
    for row in batch.sums.get(person_id, ()):
        surfaces[row.tool].append(_surface(row, row.import_id in batch.weekly))
    return tuple(
        ToolWeek(
            row.tool,
            tuple(surfaces.get(row.tool, ())),
            batch.through.get(row.tool),
            # Rows may also have come by a table that names people by another identity than the tool itself.
            matched=IDENTIFIERS[row.tool] in kinds or bool(row.has_rows),
        )
        for row in batch.tools.get(person_id, ())
    )


def _surface(row: Row[Any], weekly: bool) -> SurfaceWeek:
    sums = zip(digests.SUMMED, row[-len(digests.SUMMED) :], strict=True)
    # PostgreSQL sums a bigint to a numeric; only credits have a fraction.
    counts = {name: value if name == "credits" else int(value) for name, value in sums if value is not None}
    return SurfaceWeek(row.surface, row.active_days, counts, row.credit_unit, weekly)


def _reported(row: Row[Any]) -> Reported:
    return Reported(row.week, row.saved, row.rework, tuple(row.helped), row.note)
