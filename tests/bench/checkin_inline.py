"""A check-in submission until its ack, everything in one thread."""

from pathlib import Path
from statistics import median

from slack_bolt import App

from storage.database import session_factory
from tests.bench import databases
from tests.bench.checkin_floor import RawCheckIns, copy_database
from tests.bench.checkin_work import TimedAck, Work, join, person_id, record, submit
from tests.bench.lines import Line, at_most_times
from tests.bench.size import Size
from tests.candor import Inline, running

WARM_UP = 20


def bench(size: Size) -> list[Line]:
    """Milliseconds from dispatch to ack: medians of as many people who report a week for the first time."""
    people = [person_id(number) for number in range(size.submissions + WARM_UP)]
    with databases.sqlite() as engine, databases.folder() as folder, running(session_factory(engine)) as candor:
        join(candor, people)
        work = record(candor)
        copy = copy_database(engine, Path(folder, "floor.db"))
        with databases.settled(Path(str(engine.url.database))), databases.settled(copy):
            raw = RawCheckIns(copy, work)
            bare = raw.app(candor.client, candor.sandbox.signing_secret, Inline())
            ours, floor = _in_turns(candor.app, bare, work, people)
            raw.close()
    return [at_most_times("checkin-ack-inline", ours * 1000, floor * 1000, "ms", 2)]


def _in_turns(ours: App, floor: App, work: Work, people: list[str]) -> tuple[float, float]:
    """Medians in seconds; who goes first changes each time, and the first few are not counted."""
    times: dict[App, list[float]] = {ours: [], floor: []}
    for number, person in enumerate(people):
        for app in (ours, floor) if number % 2 else (floor, ours):
            times[app].append(submit(app, work.body(person), TimedAck()))
    return median(times[ours][WARM_UP:]), median(times[floor][WARM_UP:])
