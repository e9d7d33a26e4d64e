"""Who looked: the entries of the ledger that one person may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.ledger.chain import EXPORTED, OPENED
from storage import belonging, looks
from storage.database import Session
from storage.tables import LedgerEntry

AT_ONCE = 25
OF_SUMMARIES = (OPENED, EXPORTED)


@dataclass(frozen=True)
class Look:
    """One entry. Of a summary: the `path` of the team, "" for the whole company, and the `role` in which it was opened,
    "managers", "leaders" or "hr"; else None."""

    number: int
    at: datetime
    who: str
    what: str
    about: str
    path: str | None = None
    role: str | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first. `newest`: they begin with the newest one. `older`: what comes after them has numbers below
    this one; None: nothing does. `counts`: whether Candor knows of summaries that the person is or was part of."""

    looks: tuple[Look, ...]
    newest: bool
    older: int | None
    counts: bool


# The paths of teams, by season and number.
_Paths = Mapping[tuple[int, int], str]


def page(session: Session, person_id: str, before: int | None = None) -> Page:
    """The entries about summaries that the person is or was part of, and those that concern everybody: `AT_ONCE` of
    them, with numbers below `before`."""
    paths = _paths(session, person_id)
    counted: dict[int, list[int]] = {}
    for season, number in paths:
        counted.setdefault(season, []).append(number)
    found = looks.entries(session, counted, of_summaries=OF_SUMMARIES, before=before, limit=AT_ONCE + 1)
    # What a hand has made unreadable is left out: `candor ledger verify` names it.
    shown = tuple(_look(entry, paths) for entry in found[:AT_ONCE] if isinstance(entry, LedgerEntry))
    return Page(shown, before is None, found[AT_ONCE - 1].number if len(found) > AT_ONCE else None, bool(paths))


def _paths(session: Session, person_id: str) -> _Paths:
    """The teams that the person is or was part of."""
    paths: dict[tuple[int, int], str] = {}
    for season, team in belonging.counted_in(session, person_id).items():
        paths |= {(season, node.number): node.path for node in belonging.upwards(session, season, [team])[team]}
    return paths


def _look(entry: LedgerEntry, paths: _Paths) -> Look:
    path = None
    if entry.what in OF_SUMMARIES and entry.season is not None:
        path = next(paths[entry.season, number] for number in entry.teams if (entry.season, number) in paths)
    return Look(entry.number, entry.at, entry.who, entry.what, entry.about, path, entry.role)
