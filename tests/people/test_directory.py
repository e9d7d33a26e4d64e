"""The directory import against both databases: all of a file, or nothing."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.people.directory import DirectoryReport, import_directory
from storage import directory, people
from storage.database import SessionFactory
from storage.directory import NOWHERE, Place
from storage.people import RosterRow

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
MEMBERS = {
    "ana@x.example": ("U1AA",),
    "ben@x.example": ("U2BB",),
    "eva@x.example": ("U3CC",),
    "shared@x.example": ("U4DD", "U5EE"),
    "new@x.example": ("U9ZZ",),
}


@pytest.fixture(autouse=True)
def roster(sessions: SessionFactory) -> Iterator[None]:
    with sessions.begin() as session:
        ids = ["U1AA", "U2BB", "U3CC", "U4DD", "U5EE"]
        people.upsert_roster(session, [RosterRow(person, "UTC") for person in ids])
        people.upsert_roster(session, [RosterRow("U0GONE", "UTC", active=False)])
    yield


def _import(sessions: SessionFactory, text: str, *, apply: bool = True) -> DirectoryReport:
    return import_directory(sessions, io.BytesIO(text.encode()), MEMBERS, now=NOW, apply=apply)


def _state(sessions: SessionFactory) -> tuple[set[str], dict[str, Place]]:
    with sessions.begin() as session:
        places = directory.places(session)
        return set(directory.team_ids(session)), {person: at for person, at in places.items() if at != NOWHERE}


START = (
    "email,slack_id,team,manager\n"
    "ana@x.example,,Engineering / Payments,yes\n"
    "BEN@x.example,,Engineering/Payments,\n"
    ",U3CC,Engineering,yes\n"
)


def test_a_file_puts_people_into_teams_by_email_or_slack_id(sessions: SessionFactory) -> None:
    report = _import(sessions, START)
    teams, places = _state(sessions)
    assert teams == {"Engineering", "Engineering / Payments"}
    assert places == {
        "U1AA": Place("Engineering / Payments", True),
        "U2BB": Place("Engineering / Payments"),
        "U3CC": Place("Engineering", True),
    }
    assert (report.people, report.applied, report.refusals, report.skipped) == (3, True, (), ())
    assert report.new_teams == ("Engineering", "Engineering / Payments")
    assert report.moved == {"Engineering": 1, "Engineering / Payments": 2}
    assert (report.managers_added, report.managers_removed, report.unlisted) == (2, 0, 2)


def test_the_same_file_again_changes_nothing(sessions: SessionFactory) -> None:
    _import(sessions, START)
    before = _state(sessions)
    report = _import(sessions, START)
    assert (report.new_teams, report.moved, report.managers_added) == ((), {}, 0)
    assert _state(sessions) == before


def test_without_apply_the_same_report_comes_and_nothing_changes(sessions: SessionFactory) -> None:
    looked = _import(sessions, START, apply=False)
    assert _state(sessions) == (set(), {})
    done = _import(sessions, START)
    assert (looked.new_teams, looked.moved, looked.applied) == (done.new_teams, done.moved, False)


def test_the_file_is_the_whole_truth(sessions: SessionFactory) -> None:
    _import(sessions, START)
    report = _import(sessions, "email,team,manager\nben@x.example,Engineering,\nana@x.example,,yes\n")
    assert _state(sessions) == ({"Engineering"}, {"U2BB": Place("Engineering"), "U1AA": Place(None, True)})
    assert report.vanished_teams == ("Engineering / Payments",)
    assert report.moved == {"": 2, "Engineering": 1}
    assert (report.without_team, report.managers_removed, report.unlisted) == ((3,), 1, 3)


def test_a_renamed_team_keeps_its_id(sessions: SessionFactory) -> None:
    _import(sessions, START)
    with sessions.begin() as session:
        before = directory.team_ids(session)
    report = _import(sessions, START.replace("Payments", "Money"))
    with sessions.begin() as session:
        after = directory.team_ids(session)
    assert report.renamed_teams == {"Engineering / Payments": "Engineering / Money"}
    assert after["Engineering / Money"] == before["Engineering / Payments"]


def test_persons_unknown_to_slack_or_to_the_roster_are_skipped_by_line_and_the_rest_is_applied(
    sessions: SessionFactory,
) -> None:
    rows = "nobody@x.example,,A,no\nnew@x.example,,A,no\n,U0GONE,A,no\nana@x.example,,A,no\n"
    report = _import(sessions, "email,slack_id,team,manager\n" + rows)
    assert [(each.line, each.column) for each in report.skipped] == [(2, "email"), (3, "email"), (4, "slack_id")]
    assert "no member" in report.skipped[0].reason
    assert "people sync" in report.skipped[1].reason
    assert _state(sessions) == ({"A"}, {"U1AA": Place("A")})
    assert "nobody@x.example" not in repr(report)


def test_an_address_that_two_members_share_is_skipped_and_both_keep_their_place(sessions: SessionFactory) -> None:
    _import(sessions, "slack_id,team,manager\nU4DD,Old,yes\nU5EE,Old / Deep,\nU1AA,Old,\n")
    report = _import(sessions, "email,team,manager\nshared@x.example,New,no\nana@x.example,New,no\n")
    assert [(each.line, "share" in each.reason) for each in report.skipped] == [(2, True)]
    places = {"U4DD": Place("Old", True), "U5EE": Place("Old / Deep"), "U1AA": Place("New")}
    assert _state(sessions) == ({"Old", "Old / Deep", "New"}, places)


def test_a_slack_id_tells_who_is_meant_by_a_shared_address(sessions: SessionFactory) -> None:
    report = _import(sessions, "email,slack_id,team,manager\nshared@x.example,U5EE,A,yes\n")
    assert _state(sessions) == ({"A"}, {"U5EE": Place("A", True)})
    assert not report.skipped


def test_whoever_has_a_sure_line_moves_even_when_another_line_is_ambiguous(sessions: SessionFactory) -> None:
    _import(sessions, "slack_id,team,manager\nU4DD,Old,no\nU5EE,Old,no\n")
    rows = "shared@x.example,,New,no\n,U5EE,New,yes\n"
    report = _import(sessions, "email,slack_id,team,manager\n" + rows)
    assert _state(sessions) == ({"Old", "New"}, {"U4DD": Place("Old"), "U5EE": Place("New", True)})
    assert (len(report.skipped), report.people, report.unlisted) == (1, 1, 3)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("ana@x.example,,Engineering,yes", "team", "line 2"),
        ("ana@x.example,,Engineering / Payments,no", "team", "line 2"),
        (",U1AA,Engineering,yes", "team", "line 2"),
        ("ana@x.example,U2BB,A,no", "slack_id", "another person's"),
        ("eva@x.example,,=A,no", "team", "formula"),
        ("eva@x.example,,A / B / A,no", "team", "circle"),
        (",U4DD,engineering / X,no", "team", "spelled another way"),
    ],
)
def test_one_refused_line_refuses_the_whole_file(sessions: SessionFactory, row: str, column: str, reason: str) -> None:
    report = _import(sessions, START + row + "\n")
    assert [(each.line, each.column) for each in report.refusals] == [(5, column)]
    assert reason in report.refusals[0].reason
    assert not report.applied
    assert _state(sessions) == (set(), {})


def test_the_same_line_twice_is_no_fault(sessions: SessionFactory) -> None:
    report = _import(sessions, START + "ana@x.example,,Engineering / Payments,yes\n")
    assert (report.people, report.applied) == (3, True)


@pytest.mark.parametrize("rows", ["", "nobody@x.example,A,no\n"])
def test_a_file_that_names_nobody_known_is_refused_rather_than_emptying_every_team(
    sessions: SessionFactory, rows: str
) -> None:
    _import(sessions, START)
    before = _state(sessions)
    report = _import(sessions, "email,team,manager\n" + rows)
    assert [each.reason for each in report.refusals] == ["no line names a person of the roster"]
    assert _state(sessions) == before


CELL = st.one_of(
    st.text(max_size=6),
    st.sampled_from([*MEMBERS, "U1AA", "U2BB", "A", "A / B", "B / A", "A / C", "yes", "no", "=1", "", "", "\x00"]),
)
ROW = st.tuples(st.sampled_from([*MEMBERS, ""]), st.sampled_from(["", "U1AA", "U2BB"]), CELL, CELL).map(",".join)
LINES = st.lists(st.one_of(ROW, st.text(max_size=20)), max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(LINES)
def test_any_text_is_taken_whole_or_not_at_all(sessions: SessionFactory, lines: list[str]) -> None:
    text = "email,slack_id,team,manager\n" + "\n".join(lines)
    _import(sessions, START)
    before = _state(sessions)
    data = text.encode("utf-8", "replace")
    report = import_directory(sessions, io.BytesIO(data), MEMBERS, now=NOW, apply=True)
    after = _state(sessions)
    assert report.applied == (not report.refusals)
    if report.refusals:
        assert after == before
    else:
        again = import_directory(sessions, io.BytesIO(data), MEMBERS, now=NOW, apply=True)
        assert (again.new_teams, again.vanished_teams, again.moved) == ((), (), {})
        assert _state(sessions) == after
