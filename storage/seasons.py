"""Seasons: their teams as they stood, and who counts in them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Row, bindparam, delete, exists, insert, literal, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from storage.tables import CheckIn, Cohort, Consent, Person, Season, SeasonTeam, Team

COMPANY = 0


def newest(session: Session) -> Season | None:
    """The newest season; None before the first has opened."""
    return session.exec(select(Season).order_by(col(Season.number).desc()).limit(1)).first()


def by_number(session: Session, number: int) -> Season | None:
    return session.get(Season, number)


def teams(session: Session, season: int) -> Sequence[SeasonTeam]:
    """The teams of a season, those above before those below."""
    statement = select(SeasonTeam).where(SeasonTeam.season == season).order_by(col(SeasonTeam.number))
    # `settle` changes rows that this session may have read before.
    return session.exec(statement.execution_options(populate_existing=True)).all()


def team(session: Session, season: int, number: int) -> SeasonTeam | None:
    return session.get(SeasonTeam, (season, number))


def open_teams(session: Session) -> list[tuple[int, int | None, str]]:
    """Every team there is now: (id, id of the team above, path), those above before those below."""
    rows = session.exec(select(Team.id, Team.parent_id, Team.path).order_by(col(Team.path)))
    return [(team_id, parent, path) for team_id, parent, path in rows if team_id is not None]


@dataclass(frozen=True)
class Counting:
    """Who counts: whose consent is to one of these versions (by hash), who checked in within these weeks, is in use,
    stands in a team, manages none, and is none of `without`."""

    season: int
    policy_hashes: Collection[str]
    since: date
    before: date
    without: Collection[str]


def count_in(session: Session, counting: Counting) -> None:
    """Write down who counts in the season; its teams are stored already."""
    reported = exists().where(
        col(CheckIn.person_id) == col(Person.id),
        col(CheckIn.week) >= counting.since,
        col(CheckIn.week) < counting.before,
    )
    chosen = (
        sa_select(col(Person.id), literal(counting.season), col(SeasonTeam.number))
        .join(Consent, col(Consent.person_id) == col(Person.id))
        .join(SeasonTeam, col(SeasonTeam.team_id) == col(Person.team_id))
        .where(
            col(SeasonTeam.season) == counting.season,
            col(Person.active),
            col(Person.is_manager).is_(False),
            col(Consent.in_summaries),
            col(Consent.policy_hash).in_(list(counting.policy_hashes)),
            col(Person.id).not_in(list(counting.without)),
            reported,
        )
    )
    session.connection().execute(insert(Cohort).from_select(["person_id", "season", "team"], chosen))


def counted(session: Session, season: int) -> list[Row[int, str, int]]:
    """How many count in each team itself, by the version they agreed to: (team, hash of the version, people)."""
    statement = (
        sa_select(col(Cohort.team), col(Consent.policy_hash), func.count())
        .join(Consent, col(Consent.person_id) == col(Cohort.person_id))
        .where(col(Cohort.season) == season)
        .group_by(col(Cohort.team), col(Consent.policy_hash))
    )
    return list(session.connection().execute(statement))


def settle(session: Session, season: int, found: Iterable[Mapping[str, object]]) -> None:
    """Store what was worked out of each team: "number", "size", "smallest_group" and "planned"."""
    table = SeasonTeam.__table__  # type: ignore[attr-defined]
    row = update(table).where(table.c.season == season, table.c.number == bindparam("at"))
    rows = [{"at" if name == "number" else f"new_{name}": value for name, value in each.items()} for each in found]
    names = ("size", "smallest_group", "planned")
    session.connection().execute(row.values({name: bindparam(f"new_{name}") for name in names}), rows)


class Newest(NamedTuple):
    """The newest check-in of somebody who counts, up to a week; `fresh`: whether it is of that very week."""

    team: int
    fresh: bool
    saved: str
    rework: str
    helped: list[str]


def newest_reports(session: Session, season: int, week: date) -> Iterator[Newest]:
    """Of everybody who counts, the newest check-in up to this week, one after the other; who has none is left out."""
    last = (
        sa_select(func.max(col(CheckIn.week)))
        .where(col(CheckIn.person_id) == col(Cohort.person_id), col(CheckIn.week) <= week)
        .correlate(Cohort)
        .scalar_subquery()
    )
    columns = (
        col(Cohort.team),
        col(CheckIn.week) == week,
        col(CheckIn.saved),
        col(CheckIn.rework),
        col(CheckIn.helped),
    )
    statement = (
        sa_select(*columns)
        .join(CheckIn, (col(CheckIn.person_id) == col(Cohort.person_id)) & (col(CheckIn.week) == last))
        .where(col(Cohort.season) == season)
        .execution_options(yield_per=5000)
    )
    return map(Newest._make, session.connection().execute(statement))


def forget_without_reports(session: Session, season: int) -> int:
    """Whoever counts and of whom no check-in is left does not count any more; returns how many these are."""
    left = exists().where(col(CheckIn.person_id) == col(Cohort.person_id))
    return session.connection().execute(delete(Cohort).where(col(Cohort.season) == season, ~left)).rowcount


def leave(session: Session, person_id: str) -> None:
    """The person counts in no summary any more, of no season."""
    session.connection().execute(delete(Cohort).where(col(Cohort.person_id) == person_id))


def place_of(session: Session, person_id: str, season: int) -> int | None:
    """The number of the team in which the person counts in this season; None: they do not."""
    row = session.get(Cohort, (person_id, season))
    return row.team if row else None
