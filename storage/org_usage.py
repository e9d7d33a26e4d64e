"""How often everybody who counts used their tools in one week: two sums over all of them, never a person's figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import CTE, Subquery, and_, case, func, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from storage.tables import COUNTS, Cohort, ConsentTool, UsageDay, UsageImport

_REPORTED = (UsageDay.active, UsageDay.credits, *(getattr(UsageDay, name) for name in COUNTS))


class UsedDays(NamedTuple):
    """`days`: the days with use of all of them together, at most seven of each person. `people`: how many these are."""

    days: int
    people: int


@dataclass(frozen=True)
class Asked:
    """Of whom and when: everybody who counts in a season, the week from its Monday on, rows of these surfaces."""

    season: int
    week: date
    surfaces: Collection[str]


def used_days(session: Session, asked: Asked) -> UsedDays:
    """The days of the week on which people of the season's cohort used any tool that they let us read.

    Only of those of whom such a tool reported anything for days of that week: who has no row, or rows that say
    nothing, is not taken for somebody who used none. Weekly totals say nothing about days and are left out.
    """
    each = _by_person(asked)
    statement = sa_select(func.coalesce(func.sum(each.c.days), 0), func.count())
    days, people = session.connection().execute(statement.select_from(each)).one()
    return UsedDays(int(days), people)


def _by_person(asked: Asked) -> Subquery:
    theirs = _let_us_read(asked.season)
    # The key of a usage day is (person, tool, surface, day): with every part of it given, one search finds the week.
    of_the_week = and_(
        col(UsageDay.person_id) == theirs.c.person_id,
        col(UsageDay.tool) == theirs.c.tool,
        col(UsageDay.surface).in_(list(asked.surfaces)),
        col(UsageDay.day).between(asked.week, asked.week + timedelta(days=6)),
    )
    by_the_day = and_(col(UsageImport.id) == col(UsageDay.import_id), col(UsageImport.granularity) == "day")
    used = or_(col(UsageDay.active).is_(True), *(col(each) > 0 for each in _REPORTED[1:]))
    return (
        sa_select(func.count(case((used, col(UsageDay.day))).distinct()).label("days"))
        .select_from(theirs)
        .join(UsageDay, of_the_week)
        .join(UsageImport, by_the_day)
        .where(col(UsageDay.day) >= theirs.c.since, or_(*(col(each).is_not(None) for each in _REPORTED)))
        .group_by(theirs.c.person_id)
        .subquery()
    )


def _let_us_read(season: int) -> CTE:
    """Each tool that anybody who counts lets us read, and since when.

    Put together first: SQLite would else read all usage days that there are of a person.
    """
    tools = (
        sa_select(col(Cohort.person_id), col(ConsentTool.tool), col(ConsentTool.since))
        .join(ConsentTool, col(ConsentTool.person_id) == col(Cohort.person_id))
        .where(col(Cohort.season) == season)
    )
    return tools.cte("theirs").prefix_with("MATERIALIZED")
