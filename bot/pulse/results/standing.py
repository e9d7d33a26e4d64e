"""How the pulse stands now: what is under way, and what has come of it so far. The same for everybody who looks."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.pulse.health import keyless
from bot.pulse.keyless import keyless_words
from bot.pulse.keys import KeyDirectory
from bot.pulse.results.reading import Results, results_of
from storage import waves
from storage.database import Session, SessionFactory
from storage.tables import Wave
from storage.waves import State


@dataclass(frozen=True)
class Standing:
    """`open` takes answers at this moment; `counting` takes none any more and has not ended. At most one of them is a
    wave. `keyless`: its keys cannot be used, in words; None when they can, or there is none."""

    open: Wave | None
    counting: Wave | None
    results: Results
    keyless: str | None = None

    @property
    def unfinished(self) -> Wave | None:
        """The wave that has not ended."""
        return self.open or self.counting


def standing(session: Session, now: datetime) -> Standing:
    """How the pulse stands at `now`."""
    every = waves.every(session)
    wave = next((each for each in every if each.state != State.CLOSED.value), None)
    takes = wave is not None and wave.state == State.OPEN.value and wave.closes_at > now
    closed = [each for each in every if each.state == State.CLOSED.value]
    return Standing(wave if takes else None, None if takes else wave, results_of(session, closed, now))


def with_keys(seen: Standing, sessions: SessionFactory, keys: KeyDirectory, now: datetime) -> Standing:
    """The same, with what is to be said where the keys of the wave under way cannot be used."""
    wave = seen.unfinished
    if wave is None or not keyless(sessions, keys, wave):
        return seen
    return replace(seen, keyless=keyless_words(wave, now))
