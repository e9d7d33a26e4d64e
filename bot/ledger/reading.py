"""Who looked: the entries of the ledger that one person may read, with in what office a summary was opened."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.ledger.chain import EXPORTED, OPENED
from storage import belonging, looks, releases
from storage.database import Session
from storage.seasons import COMPANY
from storage.tables import LedgerEntry

AT_ONCE = 25
OF_SUMMARIES = (OPENED, EXPORTED)


class Office(Enum):
    """As what somebody opened a summary."""

    MANAGER = "manager"
    LEADER = "leader"
    HR = "hr"
    # They led the team or were of HR then; which of the two is not written down, and neither is so today.
    EITHER = "leader or hr"


@dataclass(frozen=True)
class Look:
    """One entry. Of a summary: the `path` of the team, "" for the whole company, and the `office`; else None."""

    number: int
    at: datetime
    who: str
    what: str
    about: str
    path: str | None = None
    office: Office | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first. `newest`: they begin with the newest one. `older`: what comes after them has numbers below
    this one; None: nothing does."""

    looks: tuple[Look, ...]
    newest: bool
    older: int | None


@dataclass(frozen=True)
class _Team:
    path: str
    has_teams_below: bool


_Teams = Mapping[tuple[int, int], _Team]


def page(session: Session, person_id: str, hr: Container[str], before: int | None = None) -> Page:
    """The entries about summaries that the person is or was part of, and those that concern everybody: `AT_ONCE` of
    them, with numbers below `before`. `hr` is who belongs to HR today."""
    teams = _teams(session, person_id)
    counted: dict[int, list[int]] = {}
    for season, number in teams:
        counted.setdefault(season, []).append(number)
    found = looks.entries(session, counted, of_summaries=OF_SUMMARIES, before=before, limit=AT_ONCE + 1)
    shown = tuple(_look(session, entry, teams, hr) for entry in found[:AT_ONCE])
    return Page(shown, before is None, shown[-1].number if len(found) > AT_ONCE else None)


def _teams(session: Session, person_id: str) -> _Teams:
    """The teams that the person is or was part of, by season and number."""
    teams: dict[tuple[int, int], _Team] = {}
    for season, team in belonging.counted_in(session, person_id).items():
        nodes = belonging.upwards(session, season, [team])[team]
        upper = belonging.with_teams_below(session, season, [node.number for node in nodes])
        teams |= {(season, node.number): _Team(node.path, node.number in upper) for node in nodes}
    return teams


def _look(session: Session, entry: LedgerEntry, teams: _Teams, hr: Container[str]) -> Look:
    plain = Look(entry.number, entry.at, entry.who, entry.what, entry.about)
    if entry.what not in OF_SUMMARIES or entry.season is None:
        return plain
    number = next(number for number in entry.teams if (entry.season, number) in teams)
    team = teams[entry.season, number]
    office = _office(session, entry, number, hr) if team.has_teams_below else Office.MANAGER
    return Look(entry.number, entry.at, entry.who, entry.what, entry.about, team.path, office)


def _office(session: Session, entry: LedgerEntry, number: int, hr: Container[str]) -> Office:
    """Of a team with teams below: only its leader and HR can open it, and only HR the whole company."""
    if number == COMPANY:
        return Office.HR
    viewing = releases.viewing(session, entry.who)
    if viewing is not None and (viewing.season, viewing.team) == (entry.season, number):
        return Office.LEADER
    return Office.HR if entry.who in hr else Office.EITHER
