"""The ledger: who looked at or took away which summary, and what was done that concerns everybody. No figures.

Whoever opened a summary is named: that is the purpose. Who counts in one is not.
"""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.base import Base, moment


class LedgerEntry(Base, table=True):
    """One entry. `hash` is the SHA-256 of all its other columns, `previous`, the hash before it, among them.

    `who` is a Slack id, "command line", "rhythm" (nobody: it was due) or "first start"; `role` is as what they looked:
    "managers", "leaders" or "hr". `what`: "opened", "exported", "policy", "season", "release", "command" or
    "retention". `season` and `teams` say which summaries (numbers of `season_team`); `about` says it in words: paths of
    teams, a version, a command.
    """

    __tablename__ = "ledger_entry"
    number: int = Field(primary_key=True)
    at: datetime = moment(index=True)
    who: str
    role: str | None = None
    what: str
    about: str
    season: int | None = None
    teams: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    previous: str
    hash: str


class LedgerHead(Base, table=True):
    """The newest entry's number and hash, in one row (`id` is 1): appending takes it first, so two never fork."""

    __tablename__ = "ledger_head"
    id: int = Field(default=1, primary_key=True)
    number: int = 0
    hash: str = ""


class LedgerCheckpoint(Base, table=True):
    """Up to where entries were deleted because their time was up: the last deleted one's number and hash, signed.

    `signature` and `public_key` (Ed25519) are in hex.
    """

    __tablename__ = "ledger_checkpoint"
    number: int = Field(primary_key=True)
    hash: str
    made_at: datetime = moment()
    public_key: str
    signature: str
