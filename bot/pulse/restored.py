"""A wave in a database that was restored from a backup: its keys never come from there."""

from datetime import datetime

from bot.pulse.closing import abandon
from bot.pulse.keys import KeyDirectory
from storage import waves
from storage.database import SessionFactory, reading
from storage.waves import State

REASON = (
    "Candor's database was restored from a backup in which this pulse had not ended, and the keys of this pulse "
    "are not in their place. So Candor cannot open what was answered."
)


def settle(sessions: SessionFactory, keys: KeyDirectory, now: datetime, *, channel: str | None = None) -> str | None:
    """End the wave whose keys are gone, and owe `channel` a post of that; one whose keys are there goes on. Returns
    which, in words; None without one.

    Safe to repeat. Raises `KeysUnusable` when it cannot be told whether the keys are there.
    """
    with reading(sessions) as session:
        wave = waves.unfinished(session)
    if wave is None:
        return None
    if wave.id in keys.waves():
        return (
            f"Pulse {wave.number} goes on: its keys are in {keys.path}. Answers given since the backup are lost; "
            "whoever gave them can answer again while it is open."
        )
    if wave.state == State.COUNTED.value:
        # Its ballots were counted and deleted before the backup was made: what was found stands. The channel is not
        # told: it may have heard the same since the backup.
        with sessions.begin() as session:
            lost = not keys.holds(wave.id)
            waves.move(session, wave.id, State.COUNTED, State.CLOSED, closed_at=now, keys_lost=lost)
        return f"Pulse {wave.number} had been counted, and has ended with what was found then."
    abandon(sessions, keys, wave.id, now, REASON, channel=channel)
    return f"Pulse {wave.number} has ended without results: its keys are not in {keys.path}, and in no backup."
