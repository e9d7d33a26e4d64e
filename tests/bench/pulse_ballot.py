"""A ballot from its submission until the ack, everything in one thread."""

from contextlib import AbstractContextManager
from statistics import median

from slack_bolt import App
from sqlalchemy import Engine

from storage.database import session_factory
from tests.bench import databases
from tests.bench.checkin_work import person_id
from tests.bench.delivery_rows import log_settled
from tests.bench.lines import Line, at_most_times
from tests.bench.pulse_floor import BareBallots
from tests.bench.pulse_work import Work, record, submit
from tests.bench.raw import committing
from tests.bench.size import Size
from tests.candor import Inline, running

WARM_UP = 20
MOST_TIMES = 2.5


def on_sqlite(size: Size) -> list[Line]:
    ours, floor = _medians(databases.sqlite(), size)
    return [at_most_times("pulse-ballot-sqlite", ours, floor, "ms", MOST_TIMES)]


def on_postgresql(size: Size) -> list[Line]:
    """For information: the target is of the embedded database."""
    return [Line("pulse-ballot-postgresql", *_medians(databases.postgresql(), size), "ms")]


def _medians(database: AbstractContextManager[Engine], size: Size) -> tuple[float, float]:
    """Milliseconds from dispatch to ack, of as many people who answer for the first time."""
    people = [person_id(number) for number in range(size.submissions + WARM_UP)]
    with database as engine, running(session_factory(engine)) as candor:
        work = record(candor, people)
        with log_settled(engine), committing(engine) as commit:
            bare = BareBallots(commit, work).app(candor.client, candor.sandbox.signing_secret, Inline())
            times = _in_turns(candor.app, bare, work, people)
    ours, floor = (median(seconds[WARM_UP:]) * 1000 for seconds in times)
    return ours, floor


def _in_turns(ours: App, floor: App, work: Work, people: list[str]) -> tuple[list[float], list[float]]:
    """Seconds of each; who goes first changes each time."""
    times: dict[App, list[float]] = {ours: [], floor: []}
    for number, person in enumerate(people):
        for app in (ours, floor) if number % 2 else (floor, ours):
            times[app].append(submit(app, work.body(person)))
    return times[ours], times[floor]
