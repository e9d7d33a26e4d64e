"""What is wrong with the keys of the pulse, or with where they lie, and the mend."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from bot.pulse.keys import KeyDirectory, KeysUnusable
from bot.settings import Settings
from bot.troubles import Finding
from storage import waves
from storage.database import SessionFactory, reading
from storage.tables import Wave
from storage.waves import State

_NEEDING = (State.OPEN.value, State.CLOSING.value)
_MOUNTS = Path("/proc/mounts")
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_GIVEN_UP = "To give them up, end the pulse without results: candor pulse abandon"
_MEND_COUNTED = "bring the folder back (CANDOR_KEYS), or end the pulse with what was counted: candor pulse abandon"


def trouble(keys: KeyDirectory, wave: Wave) -> str | None:
    """What keeps the ballots of a wave from being sealed, counted or destroyed, with the mend; None when all is well.

    Nothing in it says how many have answered.
    """
    if said := keys.exposed(wave.id):
        return said
    try:
        if wave.state in _NEEDING:
            keys.load(wave.id, wave.key_mark).sealed_for(wave.trustee)
        elif wave.state == State.COUNTED.value and not keys.holds(wave.id):
            return f"the keys of this pulse are not in {keys.path}, so they were not destroyed: {_MEND_COUNTED}"
        return None
    except KeysUnusable as error:
        said = str(error)
        return f"{said}{'' if said.endswith('?') else '.'} {_GIVEN_UP}"


def lasting_trouble(sessions: SessionFactory, keys: KeyDirectory, wave: Wave) -> str | None:
    """As `trouble`, but None where another replica has ended the wave, and its keys, in this moment."""
    said = trouble(keys, wave)
    if said is None:
        return None
    with reading(sessions) as session:
        now = waves.by_id(session, wave.id)
    if now is None:
        return None
    # A wave goes one way only, so this ends.
    return said if now.state == wave.state else lasting_trouble(sessions, keys, now)


def keyless(sessions: SessionFactory, keys: KeyDirectory, wave: Wave | None) -> bool:
    """Whether a wave that takes answers, or is to be counted, can do neither: its keys cannot be used."""
    if wave is None or wave.state not in _NEEDING:
        return False
    return lasting_trouble(sessions, keys, wave) is not None


def under_way(sessions: SessionFactory, keys: KeyDirectory) -> str | None:
    """What is wrong with the keys of the wave that has not closed, in words; None when nothing is, or none has."""
    with reading(sessions) as session:
        wave = waves.unfinished(session)
    said = lasting_trouble(sessions, keys, wave) if wave else None
    return f"pulse {wave.number}: {said}" if wave and said else None


def examine(settings: Settings, sessions: SessionFactory) -> Iterator[Finding]:
    """Every check; raises `SQLAlchemyError` where there is no database to look into."""
    keys = KeyDirectory(settings.keys)
    place = _place(keys.path, settings.database_url)
    there = keys.is_there()
    if there or not place.well:
        yield place
    with reading(sessions) as session:
        wave = waves.unfinished(session)
    if place.well and not there:
        yield _missing(place, wave)
    yield _keys(sessions, keys, wave)
    if (left := _left(keys, wave)) is not None:
        yield left


def _keys(sessions: SessionFactory, keys: KeyDirectory, wave: Wave | None) -> Finding:
    if wave is None:
        return Finding("pulse", True, "none is under way")
    said = lasting_trouble(sessions, keys, wave)
    return Finding("pulse", said is None, f"pulse {wave.number}: " + (said or "its keys are in place"))


def _missing(place: Finding, wave: Wave | None) -> Finding:
    if wave is None:
        return place._replace(said=f"{place.said} (not there yet; the first pulse makes it)")
    said = f"{place.said} (it is not there, and pulse {wave.number} has not ended: bring it back, CANDOR_KEYS)"
    return place._replace(well=False, said=said)


def _place(path: Path, database_url: str) -> Finding:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folder = Path(url.database).resolve().parent
        if path.resolve().is_relative_to(folder):
            mend = "name a folder elsewhere in CANDOR_KEYS before the next pulse opens"
            return Finding("pulse keys", False, f"{path} goes into the same backups as the database beside it: {mend}")
    if _file_system(path) in _IN_MEMORY:
        return Finding("pulse keys", True, f"{path}, in memory: a reboot ends the pulse under way without results")
    return Finding("pulse keys", True, f"{path}; keep it out of every backup")


def _left(keys: KeyDirectory, wave: Wave | None) -> Finding | None:
    try:
        left = sorted(keys.waves() - ({wave.id} if wave else set()))
    except KeysUnusable as error:
        return Finding("old pulse keys", False, str(error))
    if not left:
        return None
    mend = "if no other Candor uses this folder, delete them"
    return Finding(
        "old pulse keys", False, f"of no pulse under way: {', '.join(f'{each}.key' for each in left)}: {mend}"
    )


def _file_system(path: Path) -> str:
    """The kind of file system that a path lies on, or would; empty where the system does not say."""
    if not _MOUNTS.exists():
        return ""
    return kind_of(path.resolve(), _MOUNTS.read_text())


def kind_of(path: Path, mounts: str) -> str:
    """The kind of the file system mounted nearest above a path, by a table as in `/proc/mounts`."""
    kinds = {Path(_plain(parts[1])): parts[2] for line in mounts.splitlines() if len(parts := line.split()) > 2}
    return next((kinds[each] for each in (path, *path.parents) if each in kinds), "")


def _plain(mount: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), mount)
