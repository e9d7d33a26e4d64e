"""Reads the digests of many people in a handful of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from bot.digest.digest import WEEKS_SHOWN, Digest, Reported, SurfaceWeek, ToolWeek
from bot.usage.catalogue import IDENTIFIERS
from bot.weeks import closes_at
from storage import checkins, consents, digests, matching, people, preferences
from storage.tables import CheckIn, Consent, Person, Preference


@dataclass(frozen=True)
class _Batch:
    """Everything read for one batch of people and one week, by person id."""

    people: dict[str, Person]
    consents: dict[str, Consent]
    preferences: dict[str, Preference]
    tools: dict[str, list[str]]
    unmatched: dict[str, set[str]]
    sums: dict[str, list[Row[Any]]]
    days: dict[str, dict[str, dict[date, int]]]
    check_ins: dict[str, list[CheckIn]]
    through: dict[str, date]


def read_digests(session: Session, person_ids: Sequence[str], week: date, now: datetime) -> dict[str, Digest]:
    """The digests for the week that began on `week`, of those of these people who are opted in."""
    batch = _read(session, person_ids, week)
    return {person_id: _digest(batch, person_id, week, now) for person_id in batch.consents}


def _read(session: Session, person_ids: Sequence[str], week: date) -> _Batch:
    span = digests.Span(last=week, weeks=WEEKS_SHOWN)
    sums: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in digests.week_sums(session, person_ids, week):
        sums[row.person_id].append(row)
    days: dict[str, dict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
    mondays = span.mondays
    for row in digests.active_days(session, person_ids, span):
        days[row.person_id][row.tool][mondays[row.week]] = row.days
    reports: dict[str, list[CheckIn]] = defaultdict(list)
    for check_in in checkins.since(session, person_ids, span.first, span.last):
        reports[check_in.person_id].append(check_in)
    return _Batch(
        people=people.among(session, person_ids),
        consents=consents.among(session, person_ids),
        preferences=preferences.among(session, person_ids),
        tools=consents.tools_among(session, person_ids),
        unmatched=matching.unmatched(session, person_ids, IDENTIFIERS),
        sums=sums,
        days=days,
        check_ins=reports,
        through=digests.data_through(session),
    )


def _digest(batch: _Batch, person_id: str, week: date, now: datetime) -> Digest:
    check_ins = tuple(_reported(row) for row in batch.check_ins.get(person_id, ()))
    preference = batch.preferences[person_id]
    return Digest(
        person_id=person_id,
        week=week,
        figures_in_dm=batch.consents[person_id].figures_in_dm,
        closed=now >= closes_at(week, batch.people[person_id].tz),
        weekday=preference.weekday,
        hour=preference.hour,
        tools=_tools(batch, person_id),
        reported=check_ins[-1] if check_ins and check_ins[-1].week == week else None,
        active_days=batch.days.get(person_id, {}),
        check_ins=check_ins,
    )


def _tools(batch: _Batch, person_id: str) -> tuple[ToolWeek, ...]:
    unmatched = batch.unmatched.get(person_id, set())
    surfaces: dict[str, list[SurfaceWeek]] = defaultdict(list)
    for row in batch.sums.get(person_id, ()):
        surfaces[row.tool].append(_surface(row))
    return tuple(
        ToolWeek(tool, tuple(surfaces.get(tool, ())), batch.through.get(tool), matched=tool not in unmatched)
        for tool in batch.tools.get(person_id, ())
    )


def _surface(row: Row[Any]) -> SurfaceWeek:
    counts = {name: value for name in digests.COUNTS if (value := getattr(row, name)) is not None}
    # PostgreSQL sums a bigint to a numeric; only credits have a fraction.
    whole = {name: value if name == "credits" else int(value) for name, value in counts.items()}
    return SurfaceWeek(row.surface, row.active_days, whole, row.credit_unit)


def _reported(row: CheckIn) -> Reported:
    return Reported(row.week, row.saved, row.rework, tuple(row.helped), row.note)
