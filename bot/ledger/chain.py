"""The chain: each entry's hash includes the one before it, so nothing in the middle can be changed unseen."""

import json
from datetime import UTC, datetime
from hashlib import sha256

from storage import ledger
from storage.database import Session
from storage.tables import LedgerEntry

# Who it was, where it was nobody with a Slack id; "rhythm": it was due.
COMMAND_LINE, FIRST_START, BY_ITSELF = "command line", "first start", "rhythm"
OPENED, EXPORTED, POLICY, SEASON, COMMAND = "opened", "exported", "policy", "season", "command"
# What was published of a week: its fingerprint, so that a posted head holds releases too.
RELEASE = "release"
# Entries that were deleted because their time was up.
RETENTION = "retention"


def record(
    session: Session,
    now: datetime,
    *,
    who: str,
    what: str,
    about: str,
    role: str | None = None,
    season: int | None = None,
    teams: tuple[int, ...] = (),
) -> LedgerEntry:
    """Append one entry, in the transaction of what it tells of. Appending waits for whoever is appending: let it be the
    last thing that the transaction does."""
    head = ledger.hold_head(session)
    entry = LedgerEntry(
        number=head.number + 1,
        at=now.astimezone(UTC),
        who=who,
        role=role,
        what=what,
        about=about,
        season=season,
        teams=list(teams),
        previous=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    ledger.append(session, head, entry)
    return entry


def entry_hash(entry: LedgerEntry) -> str:
    """The SHA-256, in hex, of all of an entry but its own hash."""
    content = {**entry.model_dump(exclude={"hash", "at"}), "at": entry.at.astimezone(UTC).isoformat()}
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
