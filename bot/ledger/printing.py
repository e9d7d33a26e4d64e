"""What `candor ledger` prints: numbers and hashes, never whom an entry is about."""

from collections.abc import Mapping

from rich.console import Console

from bot.ledger.heads import SHORTEST, Head
from bot.ledger.verifying import Looked


def looked(out: Console, found: Looked) -> None:
    """How much of the chain there is, and each thing that is wrong with it."""
    if found.before.number:
        out.print(f"Entries up to {found.before.number} were deleted when their time was up, behind a checkpoint.")
    number = "no entry" if not found.count else f"{found.count} {'entry' if found.count == 1 else 'entries'}"
    out.print(f"{number} in the ledger, the newest one is number {found.last.number}.".capitalize())
    for said in found.said:
        out.print(f"wrong: {said}", markup=False)
    if not found.said:
        out.print("The chain is unbroken. Its head:")
        out.print(str(found.last), markup=False)


def heads(out: Console, said: Mapping[Head, str | None]) -> None:
    """Of each posted head whether the ledger still has it."""
    for head, differs in said.items():
        short = Head(head.number, head.hash[:SHORTEST])
        out.print(f"{short}: {differs or 'as it was posted; so are all entries before it'}", markup=False)


def key(out: Console, fingerprint: str | None, said: str | None) -> None:
    """The key by which checkpoints are known, or what is wrong with it."""
    if fingerprint:
        out.print(f"Checkpoints are signed with the key {fingerprint}. The weekly post names the same one.")
    if said:
        out.print(f"wrong: {said}", markup=False)
