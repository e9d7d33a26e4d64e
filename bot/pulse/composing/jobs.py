"""What the tick does for the pulse: it opens the wave that is due, and closes the one whose time is over."""

from datetime import datetime

import structlog

from bot.pulse.closing import close, destroy_late
from bot.pulse.composing.rhythm import rhythm_at
from bot.pulse.composing.starting import RHYTHM, start
from bot.pulse.keys import KeyDirectory, KeysUnusable
from bot.pulse.opening import NoPolicy, NoWave
from bot.settings import Settings
from storage.database import SessionFactory, reading

log = structlog.get_logger("candor.pulse")


def open_due(sessions: SessionFactory, settings: Settings, now: datetime) -> None:
    """Open the next wave when the policy's weeks have passed. Safe to repeat, and in several replicas at once.

    Raises `NoWave` or `KeysUnusable`, in words, while a wave that is due cannot be opened.
    """
    if not _is_due(sessions, now):
        return
    try:
        wave = start(sessions, settings, opened_by=RHYTHM, now=now)
    except (NoWave, KeysUnusable):
        if _is_due(sessions, now):
            raise
        # Another replica, or HR, has opened one in this moment.
        return
    log.info("a pulse opened by the policy's rhythm", wave=wave.number)


def close_due(sessions: SessionFactory, settings: Settings, now: datetime) -> None:
    """Close the wave whose time is over, as far as that goes now, and destroy keys that an earlier one had lost; raises
    `KeysUnusable` while keys cannot be used."""
    keys = KeyDirectory(settings.keys)
    close(sessions, keys, now, channel=settings.channel)
    destroy_late(sessions, keys)


def _is_due(sessions: SessionFactory, now: datetime) -> bool:
    try:
        with reading(sessions) as session:
            return rhythm_at(session, now).due
    except NoPolicy:
        return False
