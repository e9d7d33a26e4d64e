"""Every command, thin: parse, call, print."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from bot import doctor as checks
from bot import reports, running
from bot.cli_deliveries import app as deliveries_app
from bot.cli_ledger import app as ledger_app
from bot.cli_policy import app as policy_app
from bot.cli_pulse import app as pulse_app
from bot.cli_settings import connected, database, read_settings, upgraded_database
from bot.cli_teams import app as teams_app
from bot.errors import CandorError, OperatorError
from bot.http import run_http
from bot.ledger.commands import note
from bot.logs import configure_logs
from bot.operators.backing_up import back_up
from bot.operators.restoring import make_safe
from bot.operators.words import stopped_words
from bot.people.directory import import_directory, members_by_email
from bot.people.roster import sync
from bot.pulse.keys import KeyDirectory
from bot.pulse.restored import settle
from bot.schedule import preview
from bot.slack_errors import BROKEN, error_code
from bot.usage.importing import import_usage
from storage import delivery_report
from storage.backup import NoBackupHere
from storage.database import open_engine, reading, schema_state
from storage.trouble import in_words

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would print what people wrote.
    pretty_exceptions_enable=False,
    help="Candor: private, opt-in feedback on AI at work.",
)
people_app = typer.Typer(no_args_is_help=True, help="The roster and the one hierarchy of teams.")
usage_app = typer.Typer(no_args_is_help=True, help="Usage files of the tools people opted in to.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(people_app, name="people")
app.add_typer(usage_app, name="usage")
app.add_typer(db_app, name="db")
app.add_typer(deliveries_app, name="deliveries")
app.add_typer(ledger_app, name="ledger")
app.add_typer(policy_app, name="policy")
app.add_typer(pulse_app, name="pulse")
app.add_typer(teams_app, name="teams")

out = Console(soft_wrap=True, highlight=False, emoji=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)
FILE = Annotated[Path, typer.Argument(help="A file, or - for standard input.", allow_dash=True)]


def main() -> None:
    """The `candor` command: errors an operator can act on become one message and exit code 1."""
    try:
        app()
    except (CandorError, OperatorError) as error:
        _end(str(error))
    except SQLAlchemyError as error:
        _end(f"the database cannot be used: {in_words(error)}. candor doctor checks it.")
    except BROKEN as error:
        _end(f"Slack or a file did not answer as expected ({error_code(error)}): check with candor doctor.")


def _end(said: str) -> None:
    err.print(f"candor: {said}", markup=False)
    sys.exit(1)


@app.command()
def run(http: Annotated[bool, typer.Option("--http", help="Serve Slack's request URL instead.")] = False) -> None:
    """Run the bot: Socket Mode, or --http for /slack/events, /healthz, /readyz and /metrics."""
    settings = read_settings()
    settings.secret("SLACK_SIGNING_SECRET" if http else "SLACK_APP_TOKEN")
    told = running.told_to_stop()
    services, client = running.connect(settings, resume=True)
    (run_http if http else running.run_socket_mode)(services, client, told)


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the story without a browser, print it, and end.")] = False,
    port: Annotated[int, typer.Option(help="The page's port; 0 takes any free one.")] = 8400,
    folder: Annotated[Path, typer.Option(help="Where the demo's database goes.")] = Path("demo"),
) -> None:
    """The bot beside a local Slack workspace with a sample company."""
    from bot.demo.stage import staged  # The one place outside tests that brings in the local workspace.
    from bot.demo.story import Story

    configure_logs("WARNING")
    say = (lambda text: err.print(f"  {text}", style="dim")) if not once else (lambda text: None)
    err.print("Setting the stage: a sample company with 12 weeks of history …")
    with staged(folder, datetime.now(UTC).date(), say, 0 if once else port) as stage:
        if once:
            Story(stage, lambda text: out.print(text, markup=False)).play()
            return
        out.print(f"\nOpen [bold]{stage.sandbox.url}[/bold] and choose who you are. Ctrl+C ends the demo.\n")
        running.until(running.told_to_stop(), stage.tick_now)


@app.command("tick")
def tick_command(
    at: Annotated[datetime | None, typer.Option("--at", help="A moment, UTC unless it names an offset.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be due; change and send nothing.")] = False,
) -> None:
    """One tick by hand: plan what is due, send it. Prints counts only."""
    settings = read_settings()
    now = _aware(at) if at else running.system_clock()
    if dry_run:
        with database(settings) as sessions:
            reports.show_preview(out, preview(sessions, now), now)
        return
    if at:
        raise OperatorError("--at goes with --dry-run only: real messages go out in real time.")
    with connected(settings) as (services, client):
        ticker = running.make_ticker(services, client)
        done = ticker.beat()
        reports.show_tick(out, done)
        with reading(services.sessions) as session:
            stopped = stopped_words(delivery_report.sending(session, services.workspace_id))
    if stopped:
        raise OperatorError(f"sending is {stopped}.")
    if ticker.wrong or done.troubles:
        raise OperatorError("; ".join(filter(None, (ticker.wrong, *done.troubles.values()))))


@app.command()
def doctor() -> None:
    """Check tokens, scopes, clock, database and folders; say the mend. Exit code 1 when something is wrong."""
    findings = list(checks.examine(read_settings(), running.system_clock()))
    reports.show_findings(out, findings)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


@people_app.command("sync")
def people_sync() -> None:
    """Bring the roster up to Slack's member list: zones, arrivals, leavers."""
    with connected(read_settings()) as (services, client):
        note(services.sessions, "people sync", services.clock())
        with err.status("Reading Slack's member list …") as status:
            summary = sync(
                services.sessions,
                client,
                workspace_id=services.workspace_id,
                now=services.clock(),
                progress=lambda count: status.update(f"{count:,} accounts read …"),
            )
    reports.show_sync(out, summary)


@people_app.command("import")
def people_import(
    file: FILE,
    apply: Annotated[
        bool, typer.Option("--apply", help="Take it over; without it, only say what would change.")
    ] = False,
) -> None:
    """HR's directory (CSV: email or slack_id, team, manager): says what changes, then --apply takes it over."""
    with connected(read_settings()) as (services, client), _opened(file) as stream:
        note(services.sessions, "people import", services.clock(), "--apply" if apply else "")
        with err.status("Reading Slack's member list …"):
            members = members_by_email(client, workspace_id=services.workspace_id)
        report = import_directory(services.sessions, stream, members, now=services.clock(), apply=apply)
    reports.show_directory(out, report, apply)
    if report.refusals:
        raise typer.Exit(1)


@usage_app.command("import")
def usage_import(
    file: FILE,
    source: Annotated[str, typer.Option("--source", help="claude-code, copilot, cursor or csv.")],
    logins: Annotated[
        Path | None, typer.Option("--logins", help="Copilot: login,email from the identity provider.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Keep nothing if any row is rejected.")] = False,
) -> None:
    """Import a usage file exactly as the tool's API or export gives it. Rows of others are dropped at the door."""
    with upgraded_database(read_settings()) as sessions:
        note(sessions, "usage import", running.system_clock())
        with _opened(file) as stream, _bar(file) as advance, _opened(logins) if logins else _nothing() as names:
            summary = import_usage(
                sessions,
                stream,
                source,
                now=running.system_clock(),
                strict=strict,
                logins=names,
                progress=advance,
            )
    reports.show_import(out, summary)
    if summary.outcome in ("refused", "strict"):
        raise typer.Exit(1)


@db_app.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    with upgraded_database(read_settings()) as sessions:
        out.print(f"The database is at schema {schema_state(sessions.kw['bind'])[0]}.")


@db_app.command("backup")
def db_backup(target: Annotated[Path, typer.Argument(help="A file that does not exist yet.")]) -> None:
    """Copy the SQLite database into one file while the bot runs."""
    settings = read_settings()
    engine = open_engine(settings.database_url)
    try:
        size = back_up(engine, target, running.system_clock())
    except NoBackupHere:
        raise OperatorError("PostgreSQL is backed up with its own tools: pg_dump --format=custom.") from None
    except FileExistsError:
        raise OperatorError(f"{target} exists already: name a new file.") from None
    except OSError as error:
        raise OperatorError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        engine.dispose()
    out.print(f"{target}: {size:,} bytes. Delete it within {settings.backup_days} days: people were promised so.")


@db_app.command("restored")
def db_restored(
    yes: Annotated[bool, typer.Option("--yes", help="This is a restored backup: end this week's digests.")] = False,
) -> None:
    """Run this once on a restored backup, before the bot: what may have been sent since is not sent again."""
    if not yes:
        raise OperatorError("on a restored backup this ends this week's digests of everybody: say so with --yes.")
    settings = read_settings()
    with database(settings) as sessions:
        reports.show_restored(out, make_safe(sessions, running.system_clock()))
        if said := settle(sessions, KeyDirectory(settings.keys), running.system_clock(), channel=settings.channel):
            out.print(said, markup=False)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        with file.open("rb") as stream:
            yield stream
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise OperatorError(f"{file}: {error.strerror}.") from None


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


@contextmanager
def _bar(file: Path) -> Iterator[Callable[[int], None]]:
    total = file.stat().st_size if file.is_file() else None
    columns = (TextColumn("Reading"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("read", total=total)
        yield lambda count: progress.update(task, advance=count)
