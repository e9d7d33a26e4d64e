"""People of a test's making in teams of its making, with check-ins, and the release of a week."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import select

from bot.teams.calendar import cut_off
from bot.teams.releasing import Released, release_due
from bot.weeks import WEEK, iso_week, monday
from storage import directory, held, people, policies, releases, seasons
from storage.database import SessionFactory, reading
from storage.directory import Place
from storage.people import RosterRow
from storage.tables import Base, CheckIn, Cohort, Consent, Person, ReleaseCell, Team

NOON = time(12)


def first_week(sessions: SessionFactory) -> date:
    """The first week of the first season: four weeks after the policy took effect."""
    with reading(sessions) as session:
        policy = policies.by_number(session, 1)
    assert policy is not None
    return monday(policy.in_force_from.date()) + 4 * WEEK


def staff(sessions: SessionFactory, teams: Mapping[str, Sequence[str]], *, managers: Sequence[str] = ()) -> None:
    """Puts opted-in people (Slack ids) into teams by path, and the teams above into the hierarchy.

    They agree to the newest version of the policy.
    """
    with sessions.begin() as session:
        policy = policies.newest(session)
        assert policy is not None
        ids: dict[str, int | None] = {"": None, **directory.team_ids(session)}
        for path in sorted({each[:at] for each in teams for at in _ends(each)} - ids.keys()):
            above, _, name = path.rpartition(" / ")
            team = Team(parent_id=ids[above], name=name, path=path)
            session.add(team)
            session.flush()
            ids[path] = team.id
        for path, people in teams.items():
            for person in people:
                session.merge(Person(id=person, tz="UTC", team_id=ids[path], is_manager=person in managers))
        session.flush()
        for person in (person for people in teams.values() for person in people):
            granted = policy.in_force_from
            session.add(Consent(person_id=person, receipt_id=f"R{person}", policy_hash=policy.hash, granted_at=granted))


def _ends(path: str) -> list[int]:
    return [at for at, _ in enumerate(path) if path.startswith(" / ", at)] + [len(path)]


def report(
    sessions: SessionFactory,
    week: date,
    people: Sequence[str],
    saved: str = "1to2",
    rework: str = "lt1",
    helped: Sequence[str] = ("writing",),
) -> None:
    """A check-in of each of these people for the week, in place of an earlier one."""
    at = datetime.combine(week + timedelta(days=8), NOON, UTC)
    with sessions.begin() as session:
        for person in people:
            answers = CheckIn(
                person_id=person, week=week, saved=saved, rework=rework, helped=list(helped), reported_at=at
            )
            session.merge(answers)


def release(sessions: SessionFactory, week: date, hr: Sequence[str] = ()) -> Released | None:
    """Make the release of this week, as the job does at its cut-off."""
    return release_due(sessions, cut_off(week), hr)


def regular(sessions: SessionFactory, people: Sequence[str], last: date) -> date:
    """Their check-ins of every week from the one before the first season to `last`; returns its first week."""
    week = first_week(sessions)
    for number in range((last - week) // WEEK + 2):
        report(sessions, week + (number - 1) * WEEK, people)
    return week


def withdraw(sessions: SessionFactory, person: str, now: datetime) -> None:
    """They opt out of everything."""
    with sessions.begin() as session:
        held.erase(session, person, open_week=iso_week(now.date()), now=now)


def put(sessions: SessionFactory, person: str, team: str | None, *, manager: bool = False) -> None:
    """Move somebody of the roster, or add them to it, into a team that is there."""
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow(person, "UTC")])
        place = {person: Place(team, manager)}
        directory.replace_directory(session, renamed={}, new=(), vanished=(), moves=place)


def change(sessions: SessionFactory, person: str, **values: Any) -> None:
    """What HR's directory or Slack would change of a person's row; `team` is a path."""
    with sessions.begin() as session:
        row = session.get_one(Person, person)
        if "team" in values:
            values["team_id"] = directory.team_ids(session)[values.pop("team")]
        row.sqlmodel_update(values)


def cells(sessions: SessionFactory, week: date) -> dict[str, ReleaseCell]:
    """What was published of the week, by the path of the team."""
    with reading(sessions) as session:
        found = releases.cells_in(session, week)
        paths = {
            (team.season, team.number): team.path for cell in found for team in seasons.teams(session, cell.season)
        }
    return {paths[cell.season, cell.team]: cell for cell in found}


def counting(sessions: SessionFactory, season: int = 1) -> dict[str, str]:
    """Who counts in a season, and in which team."""
    with reading(sessions) as session:
        paths = {team.number: team.path for team in seasons.teams(session, season)}
        rows = session.exec(select(Cohort).where(Cohort.season == season)).all()
    return {row.person_id: paths[row.team] for row in rows}


def published(sessions: SessionFactory) -> dict[str, list[tuple[object, ...]]]:
    """Every value that is stored of every release."""
    return everything(sessions, ("release", "release_cell"))


def everything(
    sessions: SessionFactory,
    names: Sequence[str] = ("season", "season_team", "cohort", "release", "release_cell", "summary_viewer"),
) -> dict[str, list[tuple[object, ...]]]:
    """Every value in these tables: all that a release writes but for the ledger."""
    tables = [Base.metadata.tables[name] for name in names]
    with reading(sessions) as session:
        found = [session.connection().execute(table.select().order_by(*table.primary_key)) for table in tables]
        return {table.name: [tuple(map(str, row)) for row in rows] for table, rows in zip(tables, found, strict=True)}
