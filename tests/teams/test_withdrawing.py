"""Leaving: the person's figures are out of every later release at once, and nobody can tell who it was."""

from datetime import date

from sqlmodel import select

from bot.ledger.chain import OPENED, record
from bot.schedule import tidy
from bot.teams.belonging.leaving import leave_summaries
from bot.teams.calendar import cut_off
from bot.teams.gates import LARGE
from bot.weeks import WEEK
from storage.database import SessionFactory
from storage.tables import CheckIn, LedgerEntry, Workspace
from tests.candor import Candor
from tests.teams.world import (
    cells,
    counting,
    everything,
    first_week,
    published,
    regular,
    release,
    report,
    staff,
    withdraw,
)

PAYMENTS = [f"U1{number}" for number in range(6)]


def test_a_small_team_pauses_when_somebody_withdraws_and_comes_back_with_the_next_season(
    company: SessionFactory,
) -> None:
    staff(company, {"Payments": [*PAYMENTS, "U19"]})
    week = first_week(company)
    regular(company, [*PAYMENTS, "U19"], week + WEEK)
    release(company, week)
    withdraw(company, "U19", cut_off(week))
    assert set(counting(company)) == set(PAYMENTS)
    release(company, week + WEEK)
    assert cells(company, week + WEEK) == {}
    again = week + 12 * WEEK
    report(company, again - WEEK, PAYMENTS)
    report(company, again, PAYMENTS)
    release(company, again)
    assert set(cells(company, again)) == {"", "Payments"}


def test_a_large_team_goes_on_without_whoever_withdrew(company: SessionFactory) -> None:
    many = [f"U3{number:02d}" for number in range(LARGE + 1)]
    staff(company, {"Payments": many})
    week = first_week(company)
    regular(company, many, week + WEEK)
    release(company, week)
    withdraw(company, many[0], cut_off(week))
    release(company, week + WEEK)
    assert set(cells(company, week + WEEK)) == {"", "Payments"}


def test_whose_check_ins_are_all_deleted_by_retention_falls_out_for_good(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = first_week(company)
    report(company, week - WEEK, PAYMENTS)
    report(company, week, PAYMENTS[1:])
    report(company, week + WEEK, PAYMENTS)
    release(company, week)
    assert set(cells(company, week)) == {"", "Payments"}
    with company.begin() as session:
        session.delete(session.get_one(CheckIn, (PAYMENTS[0], week - WEEK)))
        session.delete(session.get_one(CheckIn, (PAYMENTS[0], week + WEEK)))
    report(company, week + 2 * WEEK, PAYMENTS)
    # A check-in of a week that is not released yet does not bring them back into the next one.
    for later in (week + WEEK, week + 2 * WEEK):
        release(company, later)
        assert cells(company, later) == {}
    assert set(counting(company)) == set(PAYMENTS[1:])


def test_everybody_of_a_team_opting_out_leaves_a_release_with_nothing_in_it(company: SessionFactory) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = regular(company, PAYMENTS, first_week(company) + WEEK)
    release(company, week)
    for person in PAYMENTS:
        withdraw(company, person, cut_off(week))
    made = release(company, week + WEEK)
    assert made is not None and (made.shown, made.teams) == (0, 2)
    assert counting(company) == {}


def test_leaving_and_opting_out_delete_the_same_rows_of_every_season_and_owe_their_bytes(
    company: SessionFactory,
) -> None:
    staff(company, {"Payments": PAYMENTS})
    week = regular(company, PAYMENTS, first_week(company) + 12 * WEEK)
    for at in (week, week + 12 * WEEK):
        release(company, at)
    before = published(company)
    leave_summaries(company, "U10")
    withdraw(company, "U11", cut_off(week + 12 * WEEK))
    for season in (1, 2):
        assert set(counting(company, season)) == set(PAYMENTS[2:])
    assert published(company) == before
    with company.begin() as session:
        owed = session.exec(select(Workspace)).one().scrub_owed
    assert owed == (2 if company.kw["bind"].dialect.name == "sqlite" else 0)


def test_in_a_large_team_one_who_leaves_moves_the_mean_by_at_most_a_step(company: SessionFactory) -> None:
    many = [f"U3{number:02d}" for number in range(LARGE)]
    staff(company, {"Payments": [*many, "U399"]})
    week = first_week(company)
    for at in (week - WEEK, week, week + WEEK):
        report(company, at, many, saved="1to2")
        report(company, at, ["U399"], saved="gt4")
    release(company, week)
    leave_summaries(company, "U399")
    release(company, week + WEEK)
    steps = [cells(company, at)["Payments"].saved for at in (week, week + WEEK)]
    assert abs(steps[0] - steps[1]) <= 1


def tidied(candor: Candor, after: date) -> set[str]:
    """Who counts in the first season by what is left once the hour's tidying is done, some time after a day."""
    candor.clock.now = cut_off(after)
    tidy(candor.services, candor.clock())
    return set(counting(candor.sessions))


def test_who_counted_is_forgotten_with_the_ledgers_last_entry_about_the_season(candor: Candor) -> None:
    staff(candor.sessions, {"Payments": PAYMENTS})
    week = regular(candor.sessions, PAYMENTS, first_week(candor.sessions))
    release(candor.sessions, week)
    with candor.sessions.begin() as session:
        record(session, cut_off(week + 20 * WEEK), who="U0HR", what=OPENED, about="Payments", season=1, teams=(1,))
    # The sample policy keeps the ledger for 104 weeks, and check-ins for 26.
    over = week + (12 + 104) * WEEK
    assert tidied(candor, over - WEEK) == set(PAYMENTS)
    before = everything(candor.sessions)
    assert tidied(candor, over) == set(PAYMENTS)
    with candor.sessions.begin() as session:
        for entry in session.exec(select(LedgerEntry).where(LedgerEntry.season == 1)):
            session.delete(entry)
    assert tidied(candor, over) == set()
    assert everything(candor.sessions) == before | {"cohort": []}


def test_who_counted_is_kept_as_long_as_the_ledger_even_if_nobody_ever_looked(candor: Candor) -> None:
    staff(candor.sessions, {"Payments": PAYMENTS})
    week = regular(candor.sessions, PAYMENTS, first_week(candor.sessions))
    release(candor.sessions, week)
    with candor.sessions.begin() as session:
        for entry in session.exec(select(LedgerEntry)):
            session.delete(entry)
    over = week + (12 + 104) * WEEK
    assert tidied(candor, over - WEEK) == set(PAYMENTS)
    assert tidied(candor, over) == set()
