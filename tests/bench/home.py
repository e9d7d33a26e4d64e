"""Opening the Home tab as somebody who manages a team, until Slack has taken the view; everything in one thread."""

from pathlib import Path
from statistics import median

from slack_bolt import App

from storage.database import session_factory
from tests.bench import databases
from tests.bench.checkin_floor import copy_database
from tests.bench.checkin_work import person_id
from tests.bench.home_floor import BareHome, connected
from tests.bench.home_work import Work, event_id, join, open_home, record
from tests.bench.lines import Line, at_most_times
from tests.bench.size import Size
from tests.candor import Inline, running

WARM_UP = 20
MOST_TIMES = 2


def bench(size: Size) -> list[Line]:
    """Median milliseconds from dispatch until the view is published, of as many people who manage the team."""
    people = [person_id(number) for number in range(size.submissions + WARM_UP)]
    with databases.sqlite() as engine, databases.folder() as folder, running(session_factory(engine)) as candor:
        join(candor, people)
        work = record(candor)
        copy = copy_database(engine, Path(folder, "floor.db"))
        with databases.settled(Path(str(engine.url.database))), databases.settled(copy), connected(copy) as raw:
            bare = BareHome(raw, work).app(candor.client, candor.sandbox.signing_secret, Inline())
            ours, floor = _in_turns(candor.app, bare, work, people)
    return [at_most_times("home-manager-inline", ours * 1000, floor * 1000, "ms", MOST_TIMES)]


def _in_turns(ours: App, floor: App, work: Work, people: list[str]) -> tuple[float, float]:
    """Medians in seconds; who goes first changes each time, and the first few are not counted."""
    times: dict[App, list[float]] = {ours: [], floor: []}
    for number, person in enumerate(people, start=1):
        for app in (ours, floor) if number % 2 else (floor, ours):
            times[app].append(open_home(app, work.body(person, event_id(number))))
    return median(times[ours][WARM_UP:]), median(times[floor][WARM_UP:])
