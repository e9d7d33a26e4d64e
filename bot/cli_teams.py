"""`candor teams`: release the week that is due, and check that what was published is still what is stored."""

from collections.abc import Sized
from datetime import datetime

import typer
from rich.console import Console

from bot import running
from bot.app import make_client
from bot.cli_settings import database, read_settings
from bot.errors import OperatorError
from bot.ledger.commands import note
from bot.operators.words import clock_time
from bot.people.hr import Hr
from bot.settings import Settings
from bot.teams.due import NotDue, whether_due
from bot.teams.jobs import release as release_week
from bot.teams.releasing import Released, is_due
from bot.teams.verifying import missing
from bot.teams.verifying import verify as verify_releases
from bot.timekeeping import Timekeeper
from bot.weeks import week_words
from storage.database import SessionFactory, reading

app = typer.Typer(no_args_is_help=True, help="Team summaries: what is published of each week.")
out = Console(soft_wrap=True, highlight=False, emoji=False)


@app.command()
def release() -> None:
    """Release the newest week that nobody can correct any more, as the bot does by itself; prints no figures."""
    settings = read_settings()
    with database(settings) as sessions:
        now = _time(sessions, settings)
        made = _made(sessions, settings, now) if is_due(sessions, now) else None
        with reading(sessions) as session:
            found = whether_due(session, now)
    if made is not None:
        _tell(made)
    elif isinstance(found, NotDue):
        _nothing(found)
    else:
        raise OperatorError(
            "Slack does not say who is in HR's user group, and nobody of HR counts in a summary: nothing was released. "
            "Check with candor doctor, then try again; the bot itself tries every minute."
        )


def _time(sessions: SessionFactory, settings: Settings) -> datetime:
    """What time it is; raises `OperatorError` while Slack or the database server has another: by a clock that is ahead
    a week would be frozen that people still report."""
    keeper = Timekeeper(sessions, make_client(settings), running.system_clock)
    if not keeper.check():
        raise OperatorError(f"Nothing was released: {keeper.wrong}")
    return keeper()


def _made(sessions: SessionFactory, settings: Settings, now: datetime) -> Released | None:
    note(sessions, "teams release", now)
    return release_week(sessions, Hr(settings.hr, make_client(settings), running.system_clock), now)


def _nothing(found: NotDue) -> None:
    out.print(f"Nothing is due. {found.reason}", markup=False)
    if found.next_at is not None:
        out.print(f"The next release comes on {clock_time(found.next_at)}.")


def _tell(made: Released) -> None:
    shown = f"{made.shown} of {made.teams} summaries are shown"
    out.print(f"Released: the week {week_words(made.week)} {made.week.year}; {shown}.")
    out.print(f"Hash: {made.hash}")


@app.command()
def verify() -> None:
    """Work out the hash of every stored release again; exit code 1 when one is not what was published."""
    with database(read_settings()) as sessions, reading(sessions) as session:
        found, gone = list(verify_releases(session)), missing(session)
    changed = [each for each in found if not each.well]
    for each in changed:
        out.print(f"changed: the week {week_words(each.week)} {each.week.year}")
        out.print(f"  stored with it: {each.stored}\n  its cells give: {each.found}")
        if each.told is False:
            out.print("  the ledger names another one")
    for about in gone:
        out.print(f"missing: {about}", markup=False)
    if gone:
        raise OperatorError(f"the ledger names {_releases(len(gone))} that {_verb(gone)} missing: restore a backup.")
    if changed:
        raise OperatorError(
            f"of {len(found)} checked, {_releases(len(changed))} {_verb(changed)} not as published: restore a backup."
        )
    out.print(f"{_releases(len(found))} {_verb(found)} as published." if found else "Nothing has been released yet.")


def _releases(number: int) -> str:
    return "1 release" if number == 1 else f"{number} releases"


def _verb(found: Sized) -> str:
    return "is" if len(found) == 1 else "are"
