"""`candor ledger`: check the chain, also against heads that were posted, and name a new key where one was lost."""

from typing import Annotated

import typer
from rich.console import Console

from bot import running
from bot.cli_settings import database, read_settings
from bot.errors import OperatorError
from bot.ledger import printing
from bot.ledger.heads import parsed
from bot.ledger.signing import SigningKeys
from bot.ledger.trusting import name_new_key, standing
from bot.ledger.verifying import compared, look
from storage import ledger
from storage.database import reading

app = typer.Typer(no_args_is_help=True, help="The ledger: who opened or downloaded which summary.")
out = Console(soft_wrap=True, highlight=False, emoji=False)


@app.command()
def verify(
    heads: Annotated[
        list[str] | None, typer.Argument(metavar="[HEAD]...", help="Heads as they were posted, such as 41:9f2c…")
    ] = None,
) -> None:
    """Check every entry and how they hang together; with posted heads, whether the ledger still contains them.

    Exit code 1 when something differs."""
    posted, settings = [parsed(each) for each in heads or ()], read_settings()
    with database(settings) as sessions, reading(sessions) as session:
        found = look(
            ledger.stored(session),
            ledger.checkpoint(session),
            ledger.stored_head(session),
            {each.number for each in posted},
        )
        fingerprint, wrong = standing(session, SigningKeys(settings.keys))
    said = compared(posted, found)
    printing.looked(out, found)
    printing.key(out, fingerprint, wrong)
    printing.heads(out, said)
    if found.said or wrong or any(said.values()):
        raise typer.Exit(1)


@app.command("new-key")
def new_key(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Go on with another signing key where the old one was lost. The ledger and the weekly post say so."""
    settings = read_settings()
    if not yes and not typer.confirm("Everybody sees in the weekly post that the key is another one. Go on?"):
        raise OperatorError("nothing was done.")
    with database(settings) as sessions:
        key = name_new_key(sessions, SigningKeys(settings.keys), running.system_clock())
    out.print(f"From now on the ledger is signed with the key {key.fingerprint}.")
