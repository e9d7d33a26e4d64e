"""How the pulse stands now: what is under way, and what has come of it so far. The same for everybody who looks."""

from dataclasses import dataclass
from datetime import datetime

from bot.pulse.results.reading import Results, read
from storage import waves
from storage.database import Session
from storage.tables import Wave
from storage.waves import State


@dataclass(frozen=True)
class Standing:
    """`open` takes answers at this moment; `counting` takes none any more and has not ended. At most one of them is a
    wave."""

    open: Wave | None
    counting: Wave | None
    results: Results


def standing(session: Session, now: datetime) -> Standing:
    """How the pulse stands at `now`."""
    wave = waves.unfinished(session)
    takes = wave is not None and wave.state == State.OPEN.value and wave.closes_at > now
    return Standing(wave if takes else None, None if takes else wave, read(session, now))
