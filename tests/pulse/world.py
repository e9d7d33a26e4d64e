"""Waves, opened and answered without the form: for tests that are not about the form."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.policy.versions import require_in_force, terms_of
from bot.pulse.casting import cast
from bot.pulse.closing import close
from bot.pulse.envelope import Ballot
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import LENGTH, open_wave
from bot.pulse.questions import Question
from bot.schedule import tick
from storage import waves
from storage.database import reading
from storage.tables import Wave
from tests.candor import Candor

BELIEF = Question(id="belief:never", kind="belief", text="I believe it.", clause="What it is never used for")
GAMING = Question(id="gaming", kind="gaming", text="I used AI mainly to make my usage look higher.")
CLARITY = Question(id="clarity.1", kind="clarity", text="How clear is it?", scale="extent")
COMMENT = Question(id="comment", kind="comment", text="What else?", scale=None)
QUESTIONS = (BELIEF, CLARITY, GAMING, COMMENT)


def keys_of(candor: Candor) -> KeyDirectory:
    return KeyDirectory(candor.services.settings.keys)


def begin(candor: Candor, questions: Sequence[Question] = QUESTIONS, length: timedelta = LENGTH, **more: Any) -> Wave:
    """Open a wave now, under the policy in force."""
    now = candor.clock()
    terms = terms_of(require_in_force(candor.sessions, now))
    given: dict[str, Any] = {"opened_by": "command line", "length": length} | more
    return open_wave(candor.sessions, keys_of(candor), questions, terms, now=now, **given)


def vote(candor: Candor, wave: Wave, person: str, answers: Mapping[str, str] | None = None, **given: Any) -> None:
    """Cast a person's ballot; without answers they agree to everything."""
    chosen = answers if answers is not None else {each["id"]: "5" for each in wave.questions if each["scale"]}
    ballot = Ballot(answers=chosen, leader=given.get("leader", False), comment=given.get("comment"))
    cast(candor.sessions, keys_of(candor), wave, person, ballot, candor.clock())


def answered(candor: Candor, people: int = 6) -> Wave:
    """A wave that so many people have answered, each with a comment."""
    wave = begin(candor)
    for number in range(people):
        vote(candor, wave, f"U0{number}", comment=f"Comment {number}")
    return wave


def finish(candor: Candor, wave: Wave) -> Wave:
    """Let the wave's time end, and close it."""
    candor.clock.now = max(candor.clock.now, wave.closes_at)
    close(candor.sessions, keys_of(candor), candor.clock())
    return found(candor, wave)


def found(candor: Candor, wave: Wave) -> Wave:
    """The wave as the database has it now."""
    with reading(candor.sessions) as session:
        stored = waves.by_id(session, wave.id)
    assert stored is not None
    return stored


@contextmanager
def keys_away(candor: Candor) -> Iterator[None]:
    """Until the end of the block the key directory is somewhere else."""
    path = keys_of(candor).path
    elsewhere = path.rename(path.with_name(f"{path.name}-away"))
    try:
        yield
    finally:
        elsewhere.rename(path)


def ticked_without_keys(candor: Candor, now: datetime) -> None:
    """One tick, of which nothing is told but that the keys are away."""
    candor.clock.now = now
    done = tick(candor.services, candor.client, candor.outbox, now)
    assert list(done.troubles) == ["pulse keys"]


def moment(wave: Wave, **later: float) -> datetime:
    """So long after the wave opened."""
    return wave.opened_at + timedelta(**later)
