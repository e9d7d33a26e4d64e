"""The directory import: HR's file says which team each person is in and who manages it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from slack_sdk import WebClient

from bot.people import directory_file, hierarchy
from bot.people.directory_file import DirectoryFile, Entry, Refusal
from bot.people.directory_plan import Plan, arrivals, plan
from bot.people.directory_seasons import Effect, effect, losing
from bot.people.listing import list_users
from bot.teams.viewing.losing import forget_messages
from storage import directory, people
from storage.database import SessionFactory
from storage.directory import Place
from storage.people import RosterRow

# Members' Slack ids by lower-case address. Two ids for one address: nobody can tell who is meant.
Members = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class DirectoryReport:
    """What the file says and what it changes, in counts, teams and lines; never a person's name or figures.

    `people` is the number of persons that the file places; `moved` how many come into each team ("" for none)
    from another one; `without_team` the lines that leave the team empty; `unlisted` the members whom the file
    does not name and who therefore lose team and manager flag. `summaries`: what it does to team summaries; None while
    no season is under way. Any refusal: `applied` is False, nothing changed.
    """

    people: int = 0
    refusals: tuple[Refusal, ...] = ()
    skipped: tuple[Refusal, ...] = ()
    new_teams: tuple[str, ...] = ()
    renamed_teams: Mapping[str, str] = field(default_factory=dict)
    vanished_teams: tuple[str, ...] = ()
    moved: Mapping[str, int] = field(default_factory=dict)
    managers_added: int = 0
    managers_removed: int = 0
    without_team: tuple[int, ...] = ()
    unlisted: int = 0
    ignored_columns: tuple[str, ...] = ()
    summaries: Effect | None = None
    applied: bool = False


def members_by_email(client: WebClient, *, workspace_id: str | None = None) -> Members:
    """The members' addresses as Slack shows them now: kept in memory for one import, never stored."""
    found: dict[str, tuple[str, ...]] = {}
    for user in list_users(client, workspace_id=workspace_id).values():
        if user.membership == "member" and user.email:
            found[user.email] = (*found.get(user.email, ()), user.id)
    return found


def import_directory(
    sessions: SessionFactory, stream: BinaryIO, members: Members, *, now: datetime, apply: bool
) -> DirectoryReport:
    """Compares the file with what is held and, with `apply`, takes it over in one transaction.

    The file is the whole truth. Lines about persons unknown to Slack or with an ambiguous address are skipped
    and listed; any other fault refuses the whole file. Never raises for what is in the file. Whoever loses a team that
    they managed loses, in Slack, what they opened of its summary.
    """
    file = directory_file.read(stream)
    paths = hierarchy.resolve(file)
    with sessions.begin() as session:
        listing = _Listing(file, paths, members, people.roster(session))
        report = listing.report()
        if report.refusals:
            return report
        current = directory.places(session)
        change = plan(current, directory.team_ids(session), listing.wanted, listing.kept)
        report = replace(_with_changes(report, current, change), summaries=effect(session, current, change, now))
        if apply:
            directory.replace_directory(
                session, renamed=change.renamed, new=change.new, vanished=change.vanished, moves=change.moves
            )
            forget_messages(session, losing(current, change), now)
    return replace(report, applied=apply)


class _Listing:
    """The file's lines matched with the roster: `wanted` places, `kept` persons whom no line names surely."""

    def __init__(
        self, file: DirectoryFile, paths: Mapping[int, str], members: Members, roster: Mapping[str, RosterRow]
    ):
        self.file = file
        self.members = members
        self.roster = roster
        self.wanted: dict[str, Place] = {}
        self.kept: set[str] = set()
        self.skipped: list[Refusal] = []
        self._lines: dict[str, int] = {}
        for entry in file.entries:
            if not entry.team or entry.line in paths:
                self._match(entry, Place(paths.get(entry.line), entry.is_manager))
        self.kept -= self.wanted.keys()
        if not file.refusals and not self.wanted:
            file.refuse(1, "", "no line names a person of the roster")

    def _match(self, entry: Entry, place: Place) -> None:
        candidates = set(self.members.get(entry.email, ()))
        if entry.slack_id and entry.email and candidates and entry.slack_id not in candidates:
            self.file.refuse(entry.line, "slack_id", "is another person's than the email")
        elif entry.slack_id:
            self._place(entry.line, "slack_id", entry.slack_id, place)
        elif len(candidates) > 1:
            self.kept |= candidates
            self.skipped.append(Refusal(entry.line, "email", "two members of the workspace share this address"))
        elif not candidates:
            self.skipped.append(Refusal(entry.line, "email", "no member of the workspace has this address"))
        else:
            self._place(entry.line, "email", candidates.pop(), place)

    def _place(self, line: int, column: str, person: str, place: Place) -> None:
        row = self.roster.get(person)
        if row is None or not row.active:
            self.skipped.append(Refusal(line, column, "not in the roster; run `candor people sync` first"))
            return
        first = self._lines.setdefault(person, line)
        if self.wanted.setdefault(person, place) != place:
            self.file.refuse(line, "team", f"is not what line {first} says of the same person")

    def report(self) -> DirectoryReport:
        return DirectoryReport(
            people=len(self.wanted),
            refusals=tuple(sorted(self.file.refusals, key=lambda refusal: (refusal.line, refusal.column))),
            skipped=tuple(self.skipped),
            without_team=tuple(self._empty_teams()),
            unlisted=len({row.id for row in self.roster.values() if row.active} - self.wanted.keys() - self.kept),
            ignored_columns=self.file.ignored_columns,
        )

    def _empty_teams(self) -> Iterable[int]:
        return (line for person, line in self._lines.items() if self.wanted[person].team is None)


def _with_changes(report: DirectoryReport, current: Mapping[str, Place], change: Plan) -> DirectoryReport:
    flags = [(current[person].is_manager, place.is_manager) for person, place in change.moves.items()]
    return replace(
        report,
        new_teams=change.new,
        renamed_teams=change.renamed,
        vanished_teams=change.vanished,
        moved=arrivals(current, change),
        managers_added=flags.count((False, True)),
        managers_removed=flags.count((True, False)),
    )
