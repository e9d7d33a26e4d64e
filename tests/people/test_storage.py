"""Persons, teams and the workspace's row, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from storage import directory, people
from storage.database import SessionFactory
from storage.directory import Place
from storage.people import RosterRow
from storage.tables import Person, Preference, Team, Workspace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _due(session: Session, person_id: str) -> datetime | None:
    return session.exec(select(Preference.next_due).where(col(Preference.person_id) == person_id)).one()


def _with_preference(sessions: SessionFactory, *rows: RosterRow) -> None:
    with sessions.begin() as session:
        people.upsert_roster(session, rows)
        session.add_all([Preference(person_id=row.id, next_due=NOW) for row in rows])


def test_a_roster_row_keeps_team_manager_flag_and_invitations_when_its_zone_changes(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        team = Team(name="Payments", path="Payments")
        session.add(team)
        session.flush()
        session.add(Person(id="U1", tz="UTC", team_id=team.id, is_manager=True, invitations=False))
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U1", "Asia/Tokyo"), RosterRow("U2", "Europe/Paris")])
    with sessions.begin() as session:
        first, second = people.get(session, "U1"), people.get(session, "U2")
    assert first is not None and second is not None
    assert (first.tz, first.is_manager, first.invitations, first.team_id) == ("Asia/Tokyo", True, False, team.id)
    assert (second.tz, second.active, second.invitations, second.is_manager) == ("Europe/Paris", True, True, False)


def test_two_thousand_rows_are_written_and_left_in_one_go(sessions: SessionFactory) -> None:
    rows = [RosterRow(f"U{number:05d}", "UTC") for number in range(2000)]
    with sessions.begin() as session:
        people.upsert_roster(session, rows)
        assert people.deactivate(session, [row.id for row in rows[:1500]], NOW) == 1500
        assert people.deactivate(session, [row.id for row in rows[:1501]], NOW) == 1
    with sessions.begin() as session:
        assert sum(row.active for row in people.roster(session).values()) == 499


def test_some_persons_are_read_by_id_and_unknown_ones_left_out(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow(f"U{number}", "UTC") for number in range(3)])
    with sessions.begin() as session:
        found = people.among(session, ["U0", "U2", "U404"])
        assert people.among(session, []) == {}
    assert {person_id: person.tz for person_id, person in found.items()} == {"U0": "UTC", "U2": "UTC"}


def test_writing_no_rows_changes_nothing(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        people.upsert_roster(session, [])
        assert people.roster(session) == {}


def test_a_change_in_the_roster_empties_the_due_time_of_that_person_only(sessions: SessionFactory) -> None:
    _with_preference(sessions, RosterRow("U1", "UTC"), RosterRow("U2", "UTC"))
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U1", "Asia/Tokyo")])
        assert _due(session, "U1") is None
        assert _due(session, "U2") == NOW


def test_who_comes_back_is_planned_anew(sessions: SessionFactory) -> None:
    _with_preference(sessions, RosterRow("U1", "UTC", active=False))
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U1", "UTC")])
        assert _due(session, "U1") is None


def test_a_stopped_workspace_keeps_its_first_reason_until_it_is_resumed(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        people.ensure_workspace(session, "T1", "Halden")
        assert people.stop_workspace(session, "app uninstalled", NOW)
        assert not people.stop_workspace(session, "tokens revoked", NOW)
    with sessions.begin() as session:
        people.ensure_workspace(session, "T1", "Halden Labs")
    with sessions.begin() as session:
        found = session.get(Workspace, "T1")
        assert found is not None
        assert (found.name, found.stop_reason, found.stopped_at) == ("Halden Labs", "app uninstalled", NOW)
        assert people.resume_workspace(session, "T1")
        assert not people.resume_workspace(session, "T1")
    with sessions.begin() as session:
        again = session.get(Workspace, "T1")
    assert again is not None and again.stopped_at is None and again.stop_reason is None


def test_a_renamed_department_keeps_its_id_and_takes_its_teams_along(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U1", "UTC")])
        place = Place("Engineering / Payments", True)
        new = ["Engineering / Payments", "Engineering"]
        directory.replace_directory(session, renamed={}, new=new, vanished=[], moves={"U1": place})
    with sessions.begin() as session:
        before = directory.team_ids(session)
        renamed = {"Engineering": "Product", "Engineering / Payments": "Product / Money / Payments"}
        directory.replace_directory(session, renamed=renamed, new=["Product / Money"], vanished=[], moves={})
    with sessions.begin() as session:
        after = directory.team_ids(session)
        leaf = session.get(Team, after["Product / Money / Payments"])
        assert directory.places(session) == {"U1": Place("Product / Money / Payments", True)}
    assert after["Product"] == before["Engineering"]
    assert after["Product / Money / Payments"] == before["Engineering / Payments"]
    assert leaf is not None and leaf.parent_id == after["Product / Money"] and leaf.name == "Payments"


def test_a_team_that_somebody_is_in_cannot_vanish(sessions: SessionFactory) -> None:
    with sessions.begin() as session:
        people.upsert_roster(session, [RosterRow("U1", "UTC")])
        directory.replace_directory(session, renamed={}, new=["A"], vanished=[], moves={"U1": Place("A")})
    with pytest.raises(IntegrityError), sessions.begin() as session:
        directory.replace_directory(session, renamed={}, new=[], vanished=["A"], moves={})
