"""A clock that is set wrong: nothing is planned or sent by it, the bot goes on, and one line says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import structlog
from sqlmodel import select

from bot.sandbox.faults import Fault, FaultKind
from bot.ticker import Ticker
from bot.timekeeping import Timekeeper
from storage.database import server_time
from storage.tables import CheckIn, Delivery
from tests.candor import START, Candor, Clock

# 09:00 in Madrid.
MONDAY = START + timedelta(days=4, hours=20)
YEAR = timedelta(days=365)


@dataclass
class Machine:
    """A machine with a clock of its own; Slack and, on PostgreSQL, the database server keep the right time."""

    candor: Candor
    host: Clock
    shared: datetime | None = None
    uptime: float = 0.0

    def __post_init__(self) -> None:
        keeper = Timekeeper(
            self.candor.sessions,
            self.candor.client,
            self.host,
            shared=lambda sessions: self.shared,
            monotonic=lambda: self.uptime,
        )
        self.keeper = keeper
        self.ticker = Ticker(self.candor.services, self.candor.client, self.candor.outbox, keeper)

    def pass_by(self, time: timedelta) -> None:
        """Time passes, on every clock."""
        self.uptime += time.total_seconds()
        self.candor.clock.now += time
        self.host.now += time


@pytest.fixture
def machine(candor: Candor) -> Machine:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")
    candor.clock.now = MONDAY - timedelta(minutes=5)
    return Machine(candor, Clock(candor.clock()))


def weeks(candor: Candor) -> list[str]:
    with candor.sessions.begin() as session:
        return list(session.exec(select(Delivery.week)))


@pytest.mark.parametrize("wrong", [YEAR, -YEAR, timedelta(seconds=62), timedelta(seconds=-62)])
def test_a_clock_set_wrong_plans_sends_and_deletes_nothing_until_it_is_set_right(
    machine: Machine, wrong: timedelta
) -> None:
    machine.ticker.beat()
    machine.pass_by(timedelta(hours=1))
    machine.host.now += wrong
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            machine.ticker.beat()
            machine.pass_by(timedelta(seconds=10))
        assert weeks(machine.candor) == []
        assert "NTP" in (machine.ticker.wrong or "")
        machine.host.now -= wrong
        machine.ticker.beat()
    assert [line["event"][:36] for line in lines if line["log_level"] == "error"] == [
        "nothing is planned, sent or deleted:"
    ]
    assert machine.ticker.wrong is None
    assert weeks(machine.candor) == ["2026-W48"]
    assert len(machine.candor.digests("U01")) == 1
    with machine.candor.sessions.begin() as session:
        assert len(session.exec(select(CheckIn)).all()) == 1


def test_a_clock_that_is_wrong_from_the_start_is_noticed_too(machine: Machine) -> None:
    machine.host.now += YEAR
    machine.ticker.beat()
    assert weeks(machine.candor) == []
    assert machine.ticker.wrong is not None and "365 days ahead of that of Slack" in machine.ticker.wrong


def test_a_clock_set_back_by_a_minute_sends_nothing_twice(machine: Machine) -> None:
    machine.pass_by(timedelta(minutes=10))
    machine.ticker.beat()
    machine.host.now -= timedelta(seconds=60)
    for _ in range(9):
        machine.ticker.beat()
        machine.pass_by(timedelta(seconds=10))
    assert weeks(machine.candor) == ["2026-W48"]
    assert len(machine.candor.digests("U01")) == 1


def test_a_machine_that_slept_goes_on_when_it_wakes_up(machine: Machine) -> None:
    machine.ticker.beat()
    machine.candor.clock.pass_by(hours=9)
    machine.host.pass_by(hours=9)
    machine.ticker.beat()
    assert machine.ticker.wrong is None
    assert len(machine.candor.digests("U01")) == 1


def test_a_replica_whose_clock_is_not_the_database_servers_stands_aside(machine: Machine) -> None:
    machine.pass_by(timedelta(minutes=10))
    machine.shared = machine.host() + timedelta(seconds=61)
    machine.ticker.beat()
    assert weeks(machine.candor) == []
    assert machine.ticker.wrong is not None and "behind that of the database server" in machine.ticker.wrong
    machine.shared = machine.host() + timedelta(seconds=59)
    machine.ticker.beat()
    assert weeks(machine.candor) == ["2026-W48"]
    assert machine.keeper() == machine.shared


def test_between_two_ticks_time_passes_evenly_whatever_the_clock_is_set_to(machine: Machine) -> None:
    assert machine.keeper.check()
    before = machine.keeper()
    machine.host.now += YEAR
    machine.uptime += 7
    assert machine.keeper() == before + timedelta(seconds=7)


def test_before_slack_has_said_what_time_it_is_no_clock_is_believed(machine: Machine) -> None:
    machine.pass_by(timedelta(minutes=10))
    kinds: tuple[FaultKind, ...] = ("error_500_before", "drop_before", "html_200")
    for kind in kinds:
        machine.candor.sandbox.faults.add(Fault("api.test", kind))
        machine.ticker.beat()
        assert "asked again by itself" in (machine.ticker.wrong or "")
    assert weeks(machine.candor) == []
    machine.ticker.beat()
    assert weeks(machine.candor) == ["2026-W48"]


def test_slack_is_asked_for_the_time_once_as_long_as_the_clocks_agree(machine: Machine) -> None:
    for _ in range(5):
        assert machine.keeper.check()
        machine.pass_by(timedelta(seconds=10))
    assert [call.method for call in machine.candor.sandbox.workspace.calls].count("api.test") == 1
    machine.candor.sandbox.faults.add(Fault("api.test", "error_500_before", times=99))
    machine.pass_by(timedelta(hours=5))
    assert machine.keeper.check()


def test_the_database_servers_time_is_that_of_postgresql_only(candor: Candor) -> None:
    moment = server_time(candor.sessions)
    engine = candor.sessions.kw["bind"]
    assert (moment is None) == (engine.dialect.name == "sqlite")
    assert moment is None or moment.utcoffset() == timedelta(0)
