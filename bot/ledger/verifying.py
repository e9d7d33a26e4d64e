"""Looking through the chain: what was changed, taken out, put in or cut off, and what differs from a posted head."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from bot.ledger.chain import entry_hash
from bot.ledger.heads import Head
from bot.ledger.signing import is_signed
from storage.ledger_rows import Unreadable
from storage.tables import LedgerCheckpoint, LedgerEntry, LedgerHead

START = Head(0, "")
# In the place of an entry's hash; no posted one fits it.
_NONE = "it cannot be read"
_Stored = LedgerEntry | Unreadable


@dataclass
class Looked:
    """What a look through the chain has found: `said`, in words, what is wrong; `wrong_from`, the first entry that is.

    `before` is what the entries follow: the checkpoint, or nothing; `last` is the newest one. `hashes` are those of the
    entries asked for, worked out anew.
    """

    before: Head
    last: Head
    count: int = 0
    said: list[str] = field(default_factory=list)
    wrong_from: int | None = None
    hashes: dict[int, str] = field(default_factory=dict)

    def note(self, number: int, said: str) -> None:
        self.said.append(said)
        self.wrong_from = number if self.wrong_from is None else min(self.wrong_from, number)


def look(
    entries: Iterable[_Stored],
    checkpoint: LedgerCheckpoint | None,
    head: LedgerHead | Unreadable | None,
    asked: Collection[int] = (),
) -> Looked:
    """Look through all that is stored, entries in the order of their numbers; reads each once and keeps none."""
    found = through(entries, checkpoint, asked)
    for said in _at_the_end(found.last, head):
        found.note(found.last.number + 1, said)
    return found


def through(entries: Iterable[_Stored], checkpoint: LedgerCheckpoint | None, asked: Collection[int] = ()) -> Looked:
    """As `look`, of some first entries: wherever they end."""
    before = Head(checkpoint.number, checkpoint.hash) if checkpoint else START
    found = Looked(before=before, last=before)
    if checkpoint and not is_signed(checkpoint):
        found.note(before.number, f"the checkpoint at entry {before.number} is not signed by its key: it was forged")
    if checkpoint and before.number in asked:
        found.hashes[before.number] = before.hash
    for entry in entries:
        _take(entry, found, asked)
    return found


def _take(entry: _Stored, found: Looked, asked: Collection[int]) -> None:
    own = _NONE if isinstance(entry, Unreadable) else entry_hash(entry)
    for said in _faults_of(entry, own, found):
        found.note(entry.number, said)
    if entry.number in asked:
        found.hashes[entry.number] = own
    found.last = max(found.last, Head(entry.number, entry.hash), key=lambda each: each.number)
    found.count += 1


def _faults_of(entry: _Stored, own: str, found: Looked) -> Iterator[str]:
    number, last = entry.number, found.last
    if number <= found.before.number:
        yield f"entry {number} lies before the checkpoint at entry {found.before.number}, where none is left: put in"
    elif number == last.number:
        yield f"entry {number} is there twice: the chain was forked"
    elif number < last.number:
        yield f"entry {number} comes after entry {last.number}: out of order"
    elif number > last.number + 1:
        yield f"{_entries(last.number + 1, number - 1)} missing: removed"
    elif entry.previous != last.hash:
        yield f"entry {number} does not follow {_before(last)}: one of the two was exchanged or put in"
    if isinstance(entry, Unreadable):
        yield f"entry {number} was changed: it cannot be read any more"
    elif entry.hash != own:
        yield f"entry {number} was changed"


def _before(last: Head) -> str:
    return f"entry {last.number}" if last.number else "the beginning"


def _entries(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _at_the_end(last: Head, head: LedgerHead | Unreadable | None) -> Iterator[str]:
    if isinstance(head, Unreadable):
        yield "the head of the ledger was changed: it cannot be read any more"
        return
    number, digest = (head.number, head.hash) if head else START
    if number > last.number:
        yield f"{_entries(last.number + 1, number)} missing: cut off at the end"
    elif number < last.number:
        yield f"{_entries(number + 1, last.number)} not known to the head of the ledger (entry {number}): put in"
    elif digest != last.hash:
        yield f"entry {number} is not the one that the head of the ledger names: one of the two was exchanged"


def compared(posted: Iterable[Head], looked: Looked) -> dict[Head, str | None]:
    """Of each posted head, in order, what differs, in words; None where the chain still contains it as it was posted.

    `looked` was asked for their numbers.
    """
    every = sorted(posted)
    fits = max((each.number for each in every if _differs(each, looked, 0) is None), default=0)
    return {each: _differs_beside(each, looked, fits) for each in every}


def _differs_beside(posted: Head, looked: Looked, fits: int) -> str | None:
    """As `_differs`, where a head of the entry `fits` does fit (0: none does): nothing up to there was rewritten."""
    said = _differs(posted, looked, max(fits, looked.before.number))
    if said is None or not looked.before.number <= posted.number <= fits:
        return said
    return (
        f"not a head of this ledger: one of entry {fits} fits, and it stands for all entries up to there. This one was "
        "never posted, or not copied as it was"
    )


def _differs(posted: Head, looked: Looked, fits: int) -> str | None:
    number = posted.number
    if number < looked.before.number:
        return f"entries up to {looked.before.number} were deleted when their time was up: compare a newer head"
    if number > looked.last.number:
        return f"the ledger ends with entry {looked.last.number}: it was cut off, or an older backup was restored"
    own = looked.hashes.get(number)
    if own is None:
        return f"entry {number} is missing"
    broken = looked.wrong_from is not None and looked.wrong_from <= number
    if own.startswith(posted.hash):
        return f"entry {number} is as it was posted, but not all before it: see above" if broken else None
    first = looked.wrong_from if broken else None
    return f"entry {number} is another one than was posted ({own} now): {_rewritten(first, fits, number)}"


def _rewritten(first: int | None, fits: int, number: int) -> str:
    if first is not None:
        return f"the ledger was rewritten from entry {first} on, or from an earlier one"
    if number == fits + 1:
        return f"the ledger was rewritten from entry {number} on"
    return f"the ledger was rewritten from one of the entries {fits + 1} to {number} on"
