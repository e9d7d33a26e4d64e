"""One soak: people opt in all along, everything breaks all along, and at the end each has exactly one message."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlmodel import col, func, select

from bot.policy.versions import ensure_published
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import TEAM_ID
from bot.settings import Settings
from storage import people
from storage.database import SessionFactory, open_engine, session_factory, upgrade
from storage.deliveries import FINAL
from storage.tables import Delivery
from tests.candor import MANIFEST
from tests.replicas.company import join, opt_in, posted
from tests.soak.bases import BASES, Base
from tests.soak.crew import Crew, crew_of
from tests.soak.verdict import Verdict, lost_and_doubled
from tests.soak.weather import storm
from tests.soak.worker import Station

SAMPLE: Path = Settings.model_fields["policy"].default
WAVES = 20
# All breaks until so many have their message, on a slow machine for so many times as long as asked for.
ENOUGH, LONGEST = 0.9, 2
PATIENCE_S = 300
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much: people; seconds for which all breaks, between kills, and for which the database is away; workers."""

    people: int = 4000
    seconds: float = 60
    kill_every_s: float = 3
    away_s: float = 5
    workers: int = 3


def soak(kind: str, size: Size, seed: int, say: Say) -> Verdict:
    """Run it on a database of this kind ("sqlite", "postgresql"); `seed` is where all chance comes from."""
    with BASES[kind]() as base, Sandbox(MANIFEST) as slack, _prepared(base) as sessions:
        ids = [f"U{number:05}" for number in range(size.people)]
        join(slack.workspace, ids)
        storm(slack.faults, seed)
        station = Station(base.url, slack.api_url, slack.bot_token, TEAM_ID, base.folder / "workers.log")
        with crew_of(station, size.workers) as crew:
            timeline = _timeline(ids, size, base, sessions, crew, random.Random(seed))
            _break_all(timeline, lambda at: at > size.seconds and len(posted(slack.workspace)) >= ENOUGH * size.people)
            say(f"{kind}: {len(posted(slack.workspace))} messages when the weather clears")
            slack.faults.clear()
            _rest(sessions, size.people)
            alive = crew.end(PATIENCE_S)
        verdict = Verdict(
            len(posted(slack.workspace)),
            crew.kills,
            base.restarts,
            *lost_and_doubled(slack.workspace, sessions, ids),
            alive,
            crew.size,
        )
        if not verdict.good:
            say(station.log.read_text(encoding="utf-8")[-4000:])
        return verdict


@contextmanager
def _prepared(base: Base) -> Iterator[SessionFactory]:
    engine = open_engine(base.url)
    upgrade(engine)
    sessions = session_factory(engine)
    with sessions.begin() as session:
        people.ensure_workspace(session, TEAM_ID, "Halden Labs")
    ensure_published(sessions, SAMPLE, datetime.now(UTC))
    yield sessions
    engine.dispose()


Happening = tuple[float, Callable[[], object]]


def _timeline(
    ids: Sequence[str], size: Size, base: Base, sessions: SessionFactory, crew: Crew, chance: random.Random
) -> list[Happening]:
    """What happens after how many seconds, in order."""
    each = -(-len(ids) // WAVES)
    waves = [ids[start : start + each] for start in range(0, len(ids), each)]
    happenings: list[Happening] = [
        (number * size.seconds / WAVES, partial(_opt_in, sessions, wave)) for number, wave in enumerate(waves)
    ]
    at = chance.uniform(0.5, 1.5) * size.kill_every_s
    while at < LONGEST * size.seconds:
        happenings.append((at, partial(crew.kill_one, chance)))
        at += chance.uniform(0.5, 1.5) * size.kill_every_s
    happenings.append((size.seconds / 2, partial(_take_away, base, size, crew, chance)))
    return sorted(happenings, key=lambda happening: happening[0])


def _opt_in(sessions: SessionFactory, ids: Sequence[str]) -> None:
    opt_in(sessions, ids, datetime.now(UTC))


def _take_away(base: Base, size: Size, crew: Crew, chance: random.Random) -> None:
    """Nobody can use the database for a while, in the middle of which a worker dies and another one starts."""
    with base.trouble():
        time.sleep(size.away_s / 2)
        crew.kill_one(chance)
        time.sleep(size.away_s / 2)


def _break_all(timeline: Sequence[Happening], enough: Callable[[float], bool]) -> None:
    began = time.monotonic()
    for at, happen in timeline:
        if enough(at):
            return
        time.sleep(max(0, began + at - time.monotonic()))
        happen()


def _rest(sessions: SessionFactory, count: int) -> None:
    """Wait until every one of `count` deliveries is final, but not for ever: what is not is counted as lost."""
    final = select(func.count()).where(col(Delivery.state).in_(FINAL))
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with sessions() as session:
            if session.exec(final).one() == count:
                return
        time.sleep(0.5)
