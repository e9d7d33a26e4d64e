"""Which of the operator's commands leave an entry in the ledger: those that read or copy what belongs to people."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bot.ledger.chain import COMMAND, COMMAND_LINE, record
from storage import ledger
from storage.database import Session, SessionFactory


class Rule(NamedTuple):
    """Whether a command leaves an entry, and why, or why not."""

    ledgered: bool
    why: str


def _yes(why: str) -> Rule:
    return Rule(True, why)


def _no(why: str) -> Rule:
    return Rule(False, why)


PUBLISHED = "shows what everybody can read"
NO_DATABASE = "has no database"
RESTORED = "db restored"
# By what is typed after `candor`. A command that is missing here fails a test.
COMMANDS: Mapping[str, Rule] = {
    "run": _no("is the bot: what it does is written down where it does it"),
    "tick": _no("does once what the bot does by itself, and prints numbers of messages"),
    "demo": _no("knows a sample company only"),
    "doctor": _no("looks at the installation, and names nobody but the contact"),
    "people sync": _yes("reads every member of the workspace and writes the roster"),
    "people import": _yes("reads who belongs to which team, and with --apply changes who will count in which summary"),
    "usage import": _yes("reads a file of people's usage"),
    "db upgrade": _no("changes tables, and shows nothing of what is in them"),
    "db backup": _yes("copies everything that is held of everybody"),
    RESTORED: _yes("puts an earlier state in the place of the present one, for the ledger too"),
    "deliveries": _no("shows numbers and ids that name nobody"),
    "deliveries retry": _no("sends what is owed, and shows nothing of it"),
    "deliveries abandon": _no("ends what is owed, and shows nothing of it"),
    "policy show": _no(PUBLISHED),
    "policy check": _no(NO_DATABASE),
    "policy diff": _no(PUBLISHED),
    "policy publish": _no("leaves an entry as every publication does, whoever publishes"),
    "policy verify": _no(PUBLISHED),
    "policy versions": _no(PUBLISHED),
    "policy ask": _no(PUBLISHED),
    "pulse open": _no("asks everybody, and reads nothing of anybody"),
    "pulse status": _no("does not even show how many have answered"),
    "pulse close": _no("publishes to everybody what everybody may see"),
    "pulse abandon": _no("deletes answers unopened"),
    "pulse results": _no(PUBLISHED),
    "pulse export": _yes("copies sealed answers for the trustee"),
    "pulse tallies": _no("publishes to everybody what everybody may see"),
    "pulse trustee keygen": _no(NO_DATABASE),
    "pulse trustee show": _no(NO_DATABASE),
    "pulse trustee close": _no(NO_DATABASE),
    "teams release": _yes("reads check-ins, to publish what everybody agreed to"),
    "teams verify": _no("reads what was published, and shows hashes"),
    "ledger verify": _no("reads the ledger, and shows numbers and hashes"),
    "ledger new-key": _yes("changes which key signs the ledger"),
}


def note(sessions: SessionFactory, command: str, now: datetime, how: str = "") -> None:
    """Write down that somebody runs this command, before it reads anything: what fails later was begun all the same.

    `how` says what distinguishes this run from others; never whom it is about.
    """
    with sessions.begin() as session:
        note_within(session, command, now, how)


def note_within(session: Session, command: str, now: datetime, how: str = "") -> None:
    """As `note`, in the caller's transaction."""
    assert COMMANDS[command].ledgered, command
    record(session, now, who=COMMAND_LINE, what=COMMAND, about=f"{command} {how}".rstrip())


def restored_at(session: Session) -> datetime | None:
    """When a backup was last put in the place of the database; None: never, as far back as the ledger goes."""
    entry = ledger.newest_about(session, COMMAND, RESTORED)
    return entry.at if entry else None
