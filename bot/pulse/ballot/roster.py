"""Who may answer, in memory: so that nobody is looked up in the database when they ask for a form, or send it.

A database server can be told to log every statement that it runs (PostgreSQL: `log_statement`, or
`log_min_duration_statement`). Were a person looked up by their id, that log would name them right before it shows the
tag under which their ballot is stored: a list of who has answered, and made without any key. So everybody is read at
once, in one statement that names nobody, and the one person is found in this process.
"""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from storage import voting, waves
from storage.database import SessionFactory, quick_reading, reading
from storage.voting import Member

FRESH = timedelta(minutes=1)


class Roster:
    """Everybody known and active. It is kept while a wave takes ballots, and is at most about a minute old."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._members: Mapping[str, Member] | None = None
        self._at: datetime | None = None

    def member(self, sessions: SessionFactory, person: str) -> Member | None:
        """The person; None for anybody who is not known, or was not when everybody was read last."""
        members = self._members
        return (self._first(sessions) if members is None else members).get(person)

    def refresh(self, sessions: SessionFactory, now: datetime) -> None:
        """Read everybody anew once the minute is over; between two waves, forget them."""
        # A clock that was set back would keep an old list for as long as it was ahead.
        if self._at is not None and self._at <= now < self._at + FRESH:
            return
        with reading(sessions) as session:
            taking = waves.taking(session, now) is not None
        with self._reading:
            self._members = _everybody(sessions) if taking else None
        self._at = now

    def _first(self, sessions: SessionFactory) -> Mapping[str, Member]:
        with self._reading:
            if self._members is None:
                self._members = _everybody(sessions)
            return self._members


def _everybody(sessions: SessionFactory) -> Mapping[str, Member]:
    with quick_reading(sessions) as connection:
        return compact(voting.everybody(connection))


def compact(members: Iterable[tuple[str, Member]]) -> Mapping[str, Member]:
    """The same by id. People have few zones between them: what many have in common is there once."""
    kinds: dict[Member, Member] = {}
    return {person: kinds.setdefault(member, member) for person, member in members}
