"""A random organisation, played week by week on a real database: what the proofs assume is what the product does."""

from datetime import date, timedelta

from sqlmodel import col, select

from bot.checkin.bands import REWORK, SAVED
from bot.teams.calendar import cut_off
from bot.teams.hours import COUNTED_REWORK, COUNTED_SAVED
from bot.teams.releasing import Released, release_due
from bot.weeks import WEEK
from storage import held, policies, releases, seasons
from storage.database import SessionFactory, reading
from storage.tables import CheckIn, Consent, Person, Release, ReleaseCell, Team
from tests.teams.proofs.organisations import BEFORE, Life, Organisation
from tests.teams.world import first_week

_SAVED = {COUNTED_SAVED[code]: code for code in SAVED if code != "cost"}
_REWORK = {COUNTED_REWORK[code]: code for code in REWORK}


class Played:
    """The organisation on its database, up to the weeks that were lived through."""

    def __init__(self, organisation: Organisation, database: SessionFactory) -> None:
        self.organisation, self.database = organisation, database
        self.began = first_week(database)
        self._teams = self._staff()
        for week in range(-BEFORE, 0):
            self.live(week)

    def monday(self, week: int) -> date:
        return self.began + week * WEEK

    def path(self, team: int) -> str:
        """Of the team by its number; the company's is empty."""
        return " / ".join(f"T{each}" for each in reversed(self.organisation.chain(team)[:-1]))

    def live(self, week: int) -> None:
        """All that people do and that is done with them until this week can no longer be reported."""
        now = cut_off(self.monday(week)) - timedelta(hours=1)
        for who, life in self.organisation.people.items():
            if life.opted_in == week:
                self._opt_in(who)
            if week in life.teams:
                self._change(who, team_id=self._teams[life.teams[week]])
            if week in life.answers and week < life.opted_out:
                self._report(who, life, week)
            if life.left == week:
                self._change(who, active=False)
            if life.opted_out == week:
                with self.database.begin() as session:
                    held.erase(session, name(who), open_week="", now=now)

    def release(self, week: int) -> Released | None:
        return release_due(self.database, cut_off(self.monday(week)), ())

    def stored(self, week: int) -> tuple[str, dict[str, dict[str, object]]]:
        """The hash of a release, and its cells by the path of the team."""
        with reading(self.database) as session:
            made = session.exec(select(Release).where(Release.week == self.monday(week))).one()
            paths = {team.number: team.path for team in seasons.teams(session, made.season)}
            return made.hash, {paths[each.team]: _figures(each) for each in releases.cells_in(session, made.week)}

    def change_all(self) -> None:
        """Everybody says something else of every week, moves to one team, and some delete all."""
        with self.database.begin() as session:
            for answer in session.exec(select(CheckIn)):
                answer.saved, answer.helped = "gt4", []
            for person in session.exec(select(Person).where(col(Person.id).startswith("U"))):
                person.team_id = self._teams[1]
            for who in list(self.organisation.people)[::2]:
                held.erase(session, name(who), open_week="", now=cut_off(self.monday(0)))

    def _staff(self) -> dict[int, int | None]:
        teams: dict[int, int | None] = {0: None}
        with self.database.begin() as session:
            for number, parent in enumerate(self.organisation.parents):
                if parent is not None:
                    team = Team(parent_id=teams[parent], name=f"T{number}", path=self.path(number))
                    session.add(team)
                    session.flush()
                    teams[number] = team.id
            for who, life in self.organisation.people.items():
                session.add(Person(id=name(who), tz="UTC", team_id=teams[life.teams[-BEFORE]]))
        return teams

    def _opt_in(self, who: int) -> None:
        with self.database.begin() as session:
            policy = policies.newest(session)
            assert policy is not None
            granted = policy.in_force_from
            session.add(Consent(person_id=name(who), receipt_id=f"R{who}", policy_hash=policy.hash, granted_at=granted))

    def _change(self, who: int, **changes: object) -> None:
        with self.database.begin() as session:
            session.exec(select(Person).where(Person.id == name(who))).one().sqlmodel_update(changes)

    def _report(self, who: int, life: Life, week: int) -> None:
        answer, monday = life.answers[week], self.monday(week)
        with self.database.begin() as session:
            session.add(
                CheckIn(
                    person_id=name(who),
                    week=monday,
                    saved=_SAVED[answer.saved],
                    rework=_REWORK[answer.rework],
                    helped=list(answer.helped),
                    reported_at=cut_off(monday) - timedelta(days=2),
                )
            )


def name(who: int) -> str:
    return f"U{who}"


def _figures(cell: ReleaseCell) -> dict[str, object]:
    return cell.model_dump(include={"saved", "rework", "helped", "categories", "half_reported"})
