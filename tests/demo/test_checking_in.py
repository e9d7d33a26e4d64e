"""The sample company's people go on checking in while the demo's clock moves: all but the one who is played."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.checkin.report import report
from bot.demo.company import check_in_all
from bot.demo.messages import is_summary
from bot.demo.stage import Stage, staged
from bot.sandbox.company import COMPANY
from bot.weeks import WEEK
from storage import checkins, releases
from storage.checkins import Report
from storage.database import reading
from tests.candor import Candor
from tests.teams.world import staff, withdraw

TODAY = date(2026, 11, 20)
OVER = date(2026, 11, 9)
FRIDAY = datetime.combine(OVER + timedelta(days=11), time(16), UTC)


@pytest.fixture
def town(candor: Candor) -> Candor:
    """Those of the sample company who opted in, none of whom has reported the week."""
    teams: dict[str, list[str]] = {}
    inside = {choice.person_id for choice in COMPANY.optins()}
    for person in COMPANY.employees:
        if person.id in inside:
            teams.setdefault(person.team, []).append(person.id)
    staff(candor.sessions, teams)
    candor.clock.now = FRIDAY
    return candor


def reported(candor: Candor) -> dict[str, tuple[str, str, list[str], str | None]]:
    """What is held of the week, by person."""
    with reading(candor.sessions) as session:
        held = [checkins.get(session, choice.person_id, OVER) for choice in COMPANY.optins()]
    return {each.person_id: (each.saved, each.rework, each.helped, each.note) for each in held if each}


def expected() -> dict[str, tuple[str, str, list[str], str | None]]:
    return {each.person_id: (each.saved, each.rework, each.helped, each.note) for each in COMPANY.check_ins_of(OVER)}


def test_whoever_usually_reports_has_reported_and_nobody_else(town: Candor) -> None:
    for _ in range(2):
        check_in_all(town.services, OVER, FRIDAY, None)
    assert reported(town) == expected()
    assert len(COMPANY.optins()) / 2 < len(expected()) < len(COMPANY.optins())


def test_what_half_of_them_had_reported_before_is_part_of_it_word_for_word() -> None:
    first_half = [each for each in COMPANY.check_ins(OVER) if each.week == OVER]
    assert first_half and set(map(repr, first_half)) < set(map(repr, COMPANY.check_ins_of(OVER)))


def test_whoever_is_played_reports_for_themselves(town: Candor) -> None:
    played = next(iter(expected()))
    check_in_all(town.services, OVER, FRIDAY, played)
    assert reported(town).keys() == expected().keys() - {played}


def test_a_check_in_made_by_hand_stays_as_it_is(town: Candor) -> None:
    person = next(iter(expected()))
    mine = Report(person, OVER, "0", "gt4", ["other"], "mine alone", FRIDAY)
    report(town.sessions, mine, FRIDAY)
    check_in_all(town.services, OVER, FRIDAY, None)
    assert reported(town) == expected() | {person: ("0", "gt4", ["other"], "mine alone")}


def test_whoever_has_opted_out_is_left_alone(town: Candor) -> None:
    person = next(iter(expected()))
    withdraw(town.sessions, person, FRIDAY)
    check_in_all(town.services, OVER, FRIDAY, None)
    assert reported(town).keys() == expected().keys() - {person}


def _told(stage: Stage) -> dict[str, list[datetime]]:
    """When each was told that a summary is there."""
    workspace = stage.sandbox.workspace
    dms = {person.id: workspace.dm(person.id) for person in COMPANY.employees if person.is_manager}
    messages = {person: workspace.messages(dm) if dm else [] for person, dm in dms.items()}
    return {person: [each.at for each in said if is_summary(each)] for person, said in messages.items()}


def test_the_summaries_go_on_as_the_clock_moves_and_nobody_is_told_twice_of_the_first(tmp_path: Path) -> None:
    with staged(tmp_path, TODAY, lambda text: None) as stage:
        told = _told(stage)
        assert set(map(len, told.values())) == {0, 1}
        manager = next(person for person, at in told.items() if at)
        # The week of which half was there when the demo began, and the one after it.
        stage.advance_to(datetime(2026, 11, 30, 12, 5, tzinfo=UTC), played=manager)
        with reading(stage.services.sessions) as session:
            shown = [len(releases.cells_in(session, OVER + week * WEEK)) for week in range(-1, 2)]
        assert min(shown) >= max(shown) - 1 >= 3
        assert len(_told(stage)[manager]) >= 2
