"""Check-ins of many people at once, over signed HTTP, with Bolt's own executor."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from sqlalchemy import Engine

from storage.database import session_factory
from tests.bench import checkin_web, databases
from tests.bench.checkin_floor import copy_database
from tests.bench.checkin_work import Work, join, person_id, record
from tests.bench.lines import Line, at_most
from tests.bench.size import Size
from tests.bench.web import post_at_once, served, signed
from tests.candor import Candor, running, settings_for

P99_MS = 300

Crowd = Sequence[str]


def bench(size: Size) -> list[Line]:
    """Milliseconds from a client's connection to the whole answer, of people who all submit at the same moment."""
    people = [person_id(number) for number in range((size.rounds + 1) * size.at_once)]
    crowds = [people[start : start + size.at_once] for start in range(0, len(people), size.at_once)]
    with databases.sqlite() as engine, running(session_factory(engine)) as candor:
        join(candor, people)
        ours, floor = _in_turns(candor, engine, crowds)
    return [at_most("checkin-ack-http", _p99_ms(ours), _p99_ms(floor), "ms p99", P99_MS)]


def _in_turns(candor: Candor, engine: Engine, crowds: Sequence[Crowd]) -> tuple[list[float], list[float]]:
    """Seconds of every post to ours and to the floor, without those of the first crowd, which opens connections."""
    work, settings = record(candor), settings_for(candor.sandbox)
    url, workspace_id = str(engine.url), candor.services.workspace_id
    times: tuple[list[float], list[float]] = ([], [])
    with databases.folder() as folder:
        copy = copy_database(engine, Path(folder, "floor.db"))
        with (
            databases.settled(Path(str(engine.url.database))),
            databases.settled(copy),
            served(checkin_web.ours, settings, url, workspace_id) as ours,
            served(checkin_web.floor, settings, copy, work) as floor,
        ):
            for number, crowd in enumerate(crowds):
                for port, seconds in ((ours, times[0]), (floor, times[1])):
                    taken = _crowd(candor, port, work, crowd)
                    seconds.extend(taken if number else ())
    return times


def _crowd(candor: Candor, port: int, work: Work, crowd: Crowd) -> list[float]:
    """The seconds of each; returns when everybody's Home tab was published, so that nothing runs on into the next."""
    calls = candor.sandbox.workspace.calls
    all_published = len(calls) + len(crowd)
    posts = [signed(candor.sandbox.signing_secret, json.dumps(work.body(person))) for person in crowd]
    seconds = post_at_once(port, posts)
    assert candor.sandbox.wait_for(lambda _: len(calls) >= all_published, timeout=60)
    return seconds


def _p99_ms(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100, method="inclusive")[98] * 1000
