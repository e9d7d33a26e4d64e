"""`candor pulse`: open, look at and end a pulse, hand it to a trustee, and the trustee's own commands."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import running
from bot.cli_settings import database, read_file, read_settings
from bot.errors import OperatorError
from bot.ledger.chain import COMMAND_LINE
from bot.ledger.commands import note
from bot.pulse import closing, printing
from bot.pulse.ballot.answers import cleaned_line
from bot.pulse.composing.situation import situation
from bot.pulse.composing.starting import start, trustee_words
from bot.pulse.health import trouble
from bot.pulse.keys import KeyDirectory
from bot.pulse.results import table
from bot.pulse.results.reading import comments as shown_comments
from bot.pulse.results.reading import read
from bot.pulse.trustee import counting, exporting, keyfile, taking
from bot.settings import Settings
from bot.weeks import WEEK
from storage import waves
from storage.database import SessionFactory, reading
from storage.tables import Wave

app = typer.Typer(no_args_is_help=True, help="The anonymous pulse: whether people believe the policy.")
trustee_app = typer.Typer(
    no_args_is_help=True, help="The trustee's own commands: no settings, no database, no connection."
)
app.add_typer(trustee_app, name="trustee")
# Everybody reads it in one post.
LONGEST_REASON = 500
out = Console(soft_wrap=True, highlight=False, emoji=False)
YES = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
NEW_FILE = Annotated[Path, typer.Argument(help="A file that does not exist yet.")]
FILE = Annotated[Path, typer.Argument(help="A file.")]


@app.command("open")
def open_(
    weeks: Annotated[int, typer.Option(min=1, max=2, help="How long it takes answers.")] = 1,
    yes: YES = False,
) -> None:
    """Open a pulse with the questions whose turn it is: says which, then asks."""
    settings, now = read_settings(), running.system_clock()
    with database(settings) as sessions:
        seen = situation(sessions, now)
        if seen.refusal:
            raise OperatorError(seen.refusal)
        printing.plan(out, seen.default, seen.terms, weeks, trustee_words(sessions, settings))
        _require(yes, "Open it? Everybody is invited.", "no pulse was opened.")
        wave = start(sessions, settings, opened_by=COMMAND_LINE, now=now, length=weeks * WEEK)
    out.print(f"Pulse {wave.number} is open until {wave.closes_at:%Y-%m-%d %H:%M} UTC.")


@app.command()
def status() -> None:
    """Where the pulse stands. How many have answered is shown to nobody, and so not here."""
    settings, now = read_settings(), running.system_clock()
    with database(settings) as sessions, reading(sessions) as session:
        wave = waves.newest(session)
    printing.status(out, wave, now)
    keys = KeyDirectory(settings.keys)
    printing.keys(out, keys, trouble(keys, wave) if wave is not None else None)


@app.command()
def close(yes: YES = False) -> None:
    """End the open pulse before its time, from 48 hours of weekdays on. It cannot be opened again."""
    settings, now = read_settings(), running.system_clock()
    with database(settings) as sessions:
        wave = _under_way(sessions)
        if wave.state != waves.State.OPEN.value:
            raise OperatorError(f"pulse {wave.number} takes no more answers already.")
        if now < closing.closable_from(wave):
            raise closing.TooEarly(wave)
        out.print(f"Pulse {wave.number} is open until {wave.closes_at:%Y-%m-%d %H:%M} UTC.")
        out.print(
            "With too few answers all of them are deleted unopened. No command says beforehand how many there are."
        )
        _require(yes, "End it now?", "the pulse goes on.")
        closing.close_early(sessions, wave.id, now)
        _end(sessions, settings, now)


@app.command()
def abandon(
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why. Needed: everybody reads it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Delete all answers unopened, for good.")] = False,
) -> None:
    """End the pulse for good without results: its answers are deleted unopened, its keys destroyed. One that has been
    counted ends with what was counted."""
    why = _reason(reason)
    settings, now = read_settings(), running.system_clock()
    with database(settings) as sessions:
        wave = _under_way(sessions)
        if not yes:
            raise OperatorError(f"{printing.abandoning(wave)} If that is what you want, say so with --yes.")
        out.print(printing.abandoning(wave))
        keys = KeyDirectory(settings.keys)
        ended = closing.abandon(sessions, keys, wave.id, now, why, channel=settings.channel)
    printing.abandoned(out, ended, keys.path)


@app.command()
def results(
    as_csv: Annotated[bool, typer.Option("--csv", help="The same as a table for spreadsheets.")] = False,
) -> None:
    """What everybody sees of the pulses that have closed, and nothing more."""
    with database(read_settings()) as sessions, reading(sessions) as session:
        found = read(session, running.system_clock())
        comments = shown_comments(session, found)
    if as_csv:
        typer.echo(table.as_csv(table.rows(found, comments)), nl=False)
    else:
        printing.results(out, found, comments)


@app.command()
def export(file: NEW_FILE) -> None:
    """Write the sealed ballots for the trustee, once the pulse takes no more answers."""
    settings = read_settings()
    with database(settings) as sessions:
        note(sessions, "pulse export", running.system_clock())
        header = exporting.export(sessions, KeyDirectory(settings.keys), file)
    printing.exported(out, file, header)


@app.command()
def tallies(file: FILE) -> None:
    """Take the trustee's tallies: checks them against the sealed ballots, then everybody sees the results."""
    settings, now = read_settings(), running.system_clock()
    with database(settings) as sessions:
        if not taking.take(sessions, KeyDirectory(settings.keys), read_file(file)):
            out.print("This pulse has been counted, or has ended, before. Nothing happens a second time.")
        _end(sessions, settings, now)


@trustee_app.command()
def keygen(
    folder: Annotated[Path, typer.Argument(help="A folder on the trustee's own machine.")],
    pulses: Annotated[int, typer.Option(min=1, max=keyfile.MOST_WAVES, help="For how many pulses.")] = keyfile.WAVES,
) -> None:
    """Make the trustee's keys: a private file that stays here, and a public one for those who run Candor."""
    mark = keyfile.keygen(folder, pulses)
    out.print(f"{folder / keyfile.PRIVATE}: stays with you. Whoever has it can open ballots.", markup=False)
    out.print(f"{folder / keyfile.PUBLIC}: for those who run Candor.", markup=False)
    out.print(f"Fingerprint: {mark}\nTell it to everybody yourself: people see it before they answer.")


@trustee_app.command()
def show(file: FILE) -> None:
    """The fingerprint of a key file, private or public, and for how many pulses it has keys."""
    raw = read_file(file)
    if b'"candor trustee: private keys"' in raw:
        private = keyfile.read_private(file)
        out.print(f"Private keys, {private.left} of {len(private.keys)} left.")
        verifying = private.verifying
    else:
        public = keyfile.read_public(file)
        out.print(f"Public keys for {len(public.keys)} pulses.")
        verifying = bytes.fromhex(public.verifying)
    out.print(f"Fingerprint: {keyfile.fingerprint(verifying)}")


@trustee_app.command("close")
def trustee_close(
    ballots: Annotated[Path, typer.Argument(metavar="EXPORT", help="The sealed ballots.")],
    keys: Annotated[Path, typer.Option("--keys", help="Your private file.")],
    tallies: Annotated[Path, typer.Option("--out", help="Where the signed tallies go: a new file.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: you have compared the fingerprint.")] = False,
) -> None:
    """Open and count the ballots of a pulse, sign what everybody may see, and destroy the key of this pulse."""
    printing.looked(out, counting.look(ballots, keys))
    question = "Is it the fingerprint that the bot has posted? Then they are counted, and the key is destroyed."
    _require(yes, question, "nothing was opened.")
    printing.closed(out, counting.close(ballots, keys, tallies), tallies)


def _reason(typed: str) -> str:
    text = cleaned_line(typed)
    if not any(map(str.isalnum, text)):
        raise OperatorError('everybody is told why the pulse was stopped: say it with --reason "…".')
    if len(text) > LONGEST_REASON:
        raise OperatorError(f"the reason has {len(text)} characters; {LONGEST_REASON} are possible.")
    return text


def _under_way(sessions: SessionFactory) -> Wave:
    with reading(sessions) as session:
        wave = waves.unfinished(session)
    if wave is None:
        raise OperatorError("no pulse is under way.")
    return wave


def _end(sessions: SessionFactory, settings: Settings, now: datetime) -> None:
    """What the bot would do at its next tick, done at once."""
    keys = KeyDirectory(settings.keys)
    printing.ended(out, closing.close(sessions, keys, now, channel=settings.channel))


def _require(yes: bool, question: str, otherwise: str) -> None:
    if not yes and not typer.confirm(question):
        raise OperatorError(otherwise)
