"""`candor deliveries`: what is owed, what is in trouble, and an operator's decision about it. Slack is not asked."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console

from bot import running
from bot.cli_settings import database, read_settings
from bot.delivery.forecast import warning
from bot.digest.ahead import next_week
from bot.operators import intervening, printing
from bot.operators.snapshot import Snapshot, read
from bot.operators.words import stopped_words
from storage import delivery_report, people
from storage.database import SessionFactory, reading

LISTED = 50

# An id may begin with a dash: it is no option then.
_IDS_WITH_DASHES = {"ignore_unknown_options": True}
IDS = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids that candor deliveries lists.")]

app = typer.Typer(help="Messages owed: counts, and the ids of those in trouble. Names nobody.")
out = Console(soft_wrap=True, highlight=False, emoji=False)


@app.callback(invoke_without_command=True)
def deliveries(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Counts by kind and state, the oldest waiting, what is in trouble and why. Names nobody; never asks Slack."""
    if context.invoked_subcommand is not None:
        return
    settings, now = read_settings(), running.system_clock()
    with database(settings) as sessions, reading(sessions) as session:
        workspace_id = people.workspace_id(session)
        found = read(session, workspace_id) if workspace_id else Snapshot()
        troubled = delivery_report.troubled(session, workspace_id, LISTED) if workspace_id else ()
        ahead = warning(next_week(session, now, settings.messages_per_minute))
    if as_json:
        typer.echo(printing.as_json(found, troubled, now))
    else:
        printing.show(out, found, troubled, now)
        out.print(ahead or "", markup=False, end="\n" if ahead else "")


@app.command(context_settings=_IDS_WITH_DASHES)
def retry(ids: IDS) -> None:
    """Send these now; what Slack may have is looked up first. Exit code 1 when one of them could not be."""
    settings = read_settings()
    patience = running.delivery_settings(settings)
    with database(settings) as sessions:
        _tell_if_stopped(sessions)
        _show(intervening.retry(sessions, ids, running.system_clock(), patience))


@app.command(context_settings=_IDS_WITH_DASHES)
def abandon(ids: IDS) -> None:
    """End these: nobody sends them or looks for them any more. Exit code 1 when one of them could not be."""
    with database(read_settings()) as sessions:
        _show(intervening.abandon(sessions, ids, running.system_clock()))


def _tell_if_stopped(sessions: SessionFactory) -> None:
    with reading(sessions) as session:
        workspace_id = people.workspace_id(session)
        stopped = stopped_words(delivery_report.sending(session, workspace_id)) if workspace_id else None
    if stopped:
        out.print(f"Sending: {stopped}.", markup=False)


def _show(answers: Iterable[intervening.Answer]) -> None:
    well = True
    for answer in answers:
        out.print(f"{answer.id}: {answer.words}", markup=False)
        well &= answer.done
    if not well:
        raise typer.Exit(1)
