"""Two things at the same moment: on PostgreSQL both really run; SQLite lets one writer in after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from bot.checkin.report import report
from bot.consent.opt_in import Choice, correct_identity, opt_in
from bot.errors import CandorError, NotMatchable, NotOptedIn
from bot.held.erase import leave
from bot.policy.versions import require_in_force
from storage import held, people
from storage.checkins import Report
from storage.tables import Person
from tests.candor import Candor

CHOICE = Choice(("cursor",), figures_in_dm=True, email="one@haldenlabs.example")


def person(candor: Candor, user_id: str) -> Person:
    candor.join(user_id)
    candor.sandbox.user(user_id).open_home()
    with candor.sessions.begin() as session:
        found = people.get(session, user_id)
    assert found is not None
    return found


def at_once(*acts: Callable[[], object]) -> list[type[BaseException] | None]:
    """What each act raised, all started together."""
    with ThreadPoolExecutor(len(acts)) as pool:
        errors = [future.exception() for future in [pool.submit(act) for act in acts]]
    return [type(error) if error else None for error in errors]


def test_of_two_people_with_one_address_one_is_told_and_nothing_breaks(candor: Candor) -> None:
    one, two, policy = person(candor, "U01"), person(candor, "U02"), require_in_force(candor.sessions, candor.clock())
    errors = at_once(
        lambda: opt_in(candor.sessions, one, CHOICE, policy, candor.clock()),
        lambda: opt_in(candor.sessions, two, CHOICE, policy, candor.clock()),
    )
    assert sorted(errors, key=str) == sorted([None, NotMatchable], key=str)


def test_one_person_who_opts_in_twice_at_once_is_opted_in_once(candor: Candor) -> None:
    one, policy = person(candor, "U01"), require_in_force(candor.sessions, candor.clock())
    act = lambda: opt_in(candor.sessions, one, CHOICE, policy, candor.clock())  # noqa: E731
    assert at_once(act, act, act) == [None, None, None]
    with candor.sessions.begin() as session:
        assert len(held.rows_of(session, "U01")["consent"]) == 1


def test_nothing_is_written_for_a_person_who_opts_out_at_the_same_moment(candor: Candor) -> None:
    one, policy = person(candor, "U01"), require_in_force(candor.sessions, candor.clock())
    week = date(2026, 11, 9)
    for _ in range(10):
        opt_in(candor.sessions, one, CHOICE, policy, candor.clock())
        check_in = Report(
            person_id="U01", week=week, saved="0", rework="0", helped=[], reported_at=candor.clock(), note="late"
        )
        errors = at_once(
            lambda: leave(candor.sessions, candor.client, one, candor.clock),
            lambda check_in=check_in: report(candor.sessions, check_in, candor.clock()),  # type: ignore[misc]
            lambda: correct_identity(candor.sessions, one, "other@haldenlabs.example"),
        )
        assert all(error is None or issubclass(error, CandorError) for error in errors), errors
        assert set(errors[1:]) <= {None, NotOptedIn}
        with candor.sessions.begin() as session:
            assert set(held.rows_of(session, "U01")) <= {"person", "delivery"}
