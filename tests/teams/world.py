"""People of a test's making in teams of its making, with check-ins, and the release of a week."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.teams.calendar import cut_off
from bot.teams.releasing import Released, release_due
from bot.weeks import WEEK, monday
from storage import policies
from storage.database import SessionFactory, reading
from storage.tables import CheckIn, Consent, Person, Team

NOON = time(12)


def first_week(sessions: SessionFactory) -> date:
    """The first week of the first season: four weeks after the policy took effect."""
    with reading(sessions) as session:
        policy = policies.by_number(session, 1)
    assert policy is not None
    return monday(policy.in_force_from.date()) + 4 * WEEK


def staff(sessions: SessionFactory, teams: Mapping[str, Sequence[str]], *, managers: Sequence[str] = ()) -> None:
    """Puts opted-in people (Slack ids) into teams by path, and the teams above into the hierarchy."""
    with sessions.begin() as session:
        policy = policies.newest(session)
        assert policy is not None
        ids: dict[str, int | None] = {"": None}
        for path in sorted({each[:at] for each in teams for at in _ends(each)}):
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
