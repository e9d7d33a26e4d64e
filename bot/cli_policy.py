"""`candor policy`: read, check, compare, publish, verify and rehearse, for those who keep the policy in git."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import running
from bot.app import make_client
from bot.cli_settings import database, read_file, read_settings
from bot.errors import OperatorError, PolicyFault
from bot.ledger.chain import COMMAND_LINE
from bot.people.hr import Hr
from bot.policy import printing
from bot.policy.answers.rehearsal import rehearse
from bot.policy.asking.answering import answered
from bot.policy.asking.library import Library
from bot.policy.binding import asks_again
from bot.policy.chain import faults
from bot.policy.checking import check as look_through
from bot.policy.document import PolicyDocument, parse_policy
from bot.policy.draft import read_draft
from bot.policy.kept.enforcement import rows
from bot.policy.publishing import drafting, publication
from bot.policy.publishing.drafting import Rules
from bot.policy.publishing.preview import against
from bot.policy.publishing.words import date_words
from bot.policy.questions_file import question_lines
from bot.policy.reading import differing
from bot.policy.versions import refusals, require_in_force, terms_of
from bot.settings import Settings
from storage import consents, policies
from storage.database import SessionFactory, reading
from storage.tables import PolicyVersion

app = typer.Typer(no_args_is_help=True, help="The policy: its file, its published versions, and what it answers.")
out = Console(soft_wrap=True, highlight=False, emoji=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)
FILE = Annotated[Path, typer.Argument(help="A Markdown file, or - for standard input.", allow_dash=True)]
# Whoever asks at the command line is no person of Slack's: nothing is held about them.
_NOBODY = ""
VERSION = Annotated[
    int | None, typer.Option("--version", min=1, help="A version's number; without it, the one in force.")
]


@app.command()
def show(
    version: VERSION = None,
    enforced: Annotated[bool, typer.Option("--enforced", help="Each term, what enforces it, and the test.")] = False,
) -> None:
    """Print a version's file as it was published; with --enforced what keeps each of its terms."""
    with database(read_settings()) as sessions:
        found = _version(sessions, version) if version else require_in_force_now(sessions)
    if enforced:
        printing.enforced(out, rows(terms_of(found)))
    else:
        typer.echo(found.source or found.text, nl=False)


@app.command()
def check(file: FILE) -> None:
    """Every fault of a file with its line, then what is worth a look. Exit code 1 for faults; needs no settings."""
    raw = _read(file)
    try:
        document = parse_policy(raw, str(file))
    except PolicyFault as error:
        printing.faults(out, str(error).split("\n"))
        raise typer.Exit(1) from None
    found = look_through(document)
    printing.warnings(out, str(file), found)
    out.print(f"{file} is a policy. {len(found) or 'Nothing'} worth a look.", markup=False)


@app.command()
def diff(
    what: Annotated[str, typer.Argument(metavar="FILE|N", help="A file, or a version's number.")],
    base: Annotated[int | None, typer.Argument(metavar="[N]", help="The version to compare with.")] = None,
) -> None:
    """What differs, clause by clause: a file beside the newest version, or one version beside the one before it."""
    with database(read_settings()) as sessions:
        if what.isdecimal() and not Path(what).exists():
            one, other = int(what), base or max(1, int(what) - 1)
            found = differing(sessions, min(one, other), max(one, other))
        else:
            document = parse_policy(_read(Path(what)), what)
            found = against(document, _version(sessions, base) if base else _newest(sessions))
    printing.changed(out, found)


@app.command()
def publish(
    file: FILE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Publish a file as the next version: says what that would mean, then asks."""
    settings, now = read_settings(), running.system_clock()
    document = parse_policy(_read(file), str(file))
    with database(settings) as sessions:
        base = _plan(sessions, document, now)
        printing.warnings(out, str(file), look_through(document))
        if not yes and not typer.confirm("Publish it? A published version cannot be changed."):
            raise OperatorError("nothing was published.")
        if settings.two_publishers:
            _ask_hr(sessions, settings, document, now)
            return
        with sessions.begin() as session:
            version = publication.publish(
                session, document, publisher=COMMAND_LINE, now=now, base_hash=base, channel=settings.channel
            )
    out.print(f"Version {version.number} is published, in force from {date_words(version.in_force_from)}.")
    out.print(f"Fingerprint (SHA-256) {version.hash}, chain {version.chain}")


@app.command()
def verify() -> None:
    """Check every version's text, fingerprint and chain. Exit code 1 when one is not as it was published."""
    with database(read_settings()) as sessions, reading(sessions) as session:
        found, known = policies.published(session), policies.newest_known(session)
    printing.versions(out, found)
    wrong = list(faults(found, known))
    printing.faults(out, wrong)
    if wrong:
        raise typer.Exit(1)
    out.print(f"{len(found)} {'version' if len(found) == 1 else 'versions'}, each as it was published.")


@app.command()
def versions() -> None:
    """List every published version."""
    with database(read_settings()) as sessions, reading(sessions) as session:
        printing.versions(out, policies.published(session))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="Asked of the version in force.")] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="A draft: any Markdown with headings.")] = None,
    questions: Annotated[Path | None, typer.Option("--questions", help='JSON lines: {"question": …}')] = None,
) -> None:
    """Ask the version in force; or rehearse: a file of questions on a draft, as JSON lines, without a database."""
    if policy is not None and (questions is None) != (question is None):
        _rehearse(policy, questions, question)
        return
    if question is None or policy is not None or questions is not None:
        raise OperatorError('say candor policy ask "…", or candor policy ask --policy DRAFT.md --questions FILE.jsonl')
    with database(read_settings()) as sessions:
        version = require_in_force_now(sessions)
        with reading(sessions) as session:
            reply = answered(Library(), session, version, _NOBODY, question, None, running.system_clock())
    printing.answer(out, reply)


def _rehearse(policy: Path, questions: Path | None, question: str | None) -> None:
    draft = read_draft(_read(policy), str(policy))
    for warning in draft.warnings:
        err.print(f"warning: {warning}", markup=False)
    raw = _read(questions) if questions else json.dumps({"question": question}).encode()
    try:
        for answer in rehearse(draft.sections, question_lines(raw), draft.language):
            typer.echo(json.dumps(answer, ensure_ascii=False))
    except OperatorError as error:
        raise OperatorError(f"{questions or 'the question'}: {error}") from None


def require_in_force_now(sessions: SessionFactory) -> PolicyVersion:
    """The version in force at this moment; raises `CandorError` before one is."""
    return require_in_force(sessions, running.system_clock())


def _plan(sessions: SessionFactory, document: PolicyDocument, now: datetime) -> str | None:
    """Say what publishing would mean; returns the fingerprint of the version it would follow."""
    with reading(sessions) as session:
        found, opted_in = policies.published(session), consents.count(session)
        looser = asks_again(session, document.terms, now)
    if said := refusals(document, found, now):
        raise PolicyFault("\n".join(said))
    base = found[-1] if found else None
    effective = date_words(document.effective)
    printing.plan(out, len(found) + 1, against(document, base), effective=effective, looser=looser, opted_in=opted_in)
    return base.hash if base else None


def _ask_hr(sessions: SessionFactory, settings: Settings, document: PolicyDocument, now: datetime) -> None:
    hr = Hr(settings.hr, make_client(settings), lambda: now)
    rules = Rules(settings.channel, hr.everybody(), settings.two_publishers)
    draft_id = drafting.propose(sessions, COMMAND_LINE, document.source.encode(), drafting.NAME, now)
    drafting.publish(sessions, draft_id, rules, now)
    out.print("CANDOR_TWO_PUBLISHERS is set: HR is asked in Slack, and publishes it by confirming.")


def _version(sessions: SessionFactory, number: int) -> PolicyVersion:
    with reading(sessions) as session:
        found = policies.by_number(session, number)
    if found is None:
        raise OperatorError(f"there is no version {number}: candor policy versions lists them.")
    return found


def _newest(sessions: SessionFactory) -> PolicyVersion | None:
    with reading(sessions) as session:
        return policies.newest(session)


def _read(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else read_file(file)
