"""The pulse: waves, sealed ballots and what remains of them. Nothing here names who answered.

Who of HR opened a wave or wrote a reply is named: that is a record of office. It is shown to them under "What we hold",
and stays when they opt out.

A ballot has no id, time or status: its `tag` can be computed only with a key that lies outside the database and its
backups, and its `sealed` answers can be opened only with another such key. Both keys die when the wave closes.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field

from storage.base import Base, moment

_NO_HIDDEN_ORDER: dict[str, Any] = {"sqlite_with_rowid": False}


class Wave(Base, table=True):
    """One pulse survey. `id` is random: every ballot is sealed to it.

    `state`: "open", "closing" (no ballot is taken any more), "counted" (the ballots are deleted, what is published is
    stored), "closed" (the keys are destroyed, everybody sees the outcome). `outcome`: "results", "too few" or
    "stopped"; None until counted. `opened_by` is a Slack id, "command line" or "rhythm". `key_mark` is the fingerprint
    of the wave's key file; `public_key`, in hex, is what ballots are sealed for. `trustee` is the key, in hex, with
    which the trustee signs the tallies; None where the server opens the ballots itself. `export_mark`, in hex, is the
    fingerprint of what goes to the trustee, and `export_proof` shows that this server computed it; None until then.
    `reminder_from` is None where the wave is too short for a reminder. `keys_lost`: it ended while its keys were not in
    their place, so they were not destroyed.
    """

    id: str = Field(primary_key=True)
    number: int = Field(unique=True)
    state: str
    outcome: str | None = None
    reason: str | None = None
    opened_by: str
    opened_at: datetime = moment()
    closes_at: datetime = moment()
    reminder_from: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    policy_number: int
    smallest_group: int
    smallest_group_comments: int
    questions: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    public_key: str
    key_mark: str
    trustee: str | None = None
    export_mark: str | None = None
    export_proof: str | None = None
    keys_lost: bool = False


class SealedBallot(Base, table=True):
    """One sealed answer; a person's second one replaces their first. Every row has the same length."""

    __tablename__ = "ballot"
    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    wave: str = Field(foreign_key="wave.id")
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    __table_args__: ClassVar[dict[str, Any]] = _NO_HIDDEN_ORDER


class Tally(Base, table=True):
    """What is published of one question for one segment, and nothing more precise than that.

    `segment`: "everyone", "leaders" or "others". `share` and `unsure` are bands of 20 points, 0 to 4: of those with an
    opinion, how many agree; of all who answered the question, how many do not know. None: not shown, as `unsure` never
    is of "leaders" and "others".
    """

    wave: str = Field(foreign_key="wave.id", primary_key=True)
    question: str = Field(primary_key=True)
    segment: str = Field(primary_key=True)
    share: int | None = None
    unsure: int | None = None
    __table_args__: ClassVar[dict[str, Any]] = _NO_HIDDEN_ORDER


class PulseComment(Base, table=True):
    """A comment of a wave that has closed. `id` is the fingerprint of its text, so the order says nothing of when it
    came; the same words of two people are kept once."""

    __tablename__ = "pulse_comment"
    wave: str = Field(foreign_key="wave.id", primary_key=True)
    id: str = Field(primary_key=True)
    text: str
    __table_args__: ClassVar[dict[str, Any]] = _NO_HIDDEN_ORDER


class ClauseReply(Base, table=True):
    """ "You said, we did": what HR writes about one promise, for everybody. `clause` is its heading; `wave` the number
    of the wave that it answers."""

    __tablename__ = "clause_reply"
    id: str = Field(primary_key=True)
    clause: str
    wave: int
    text: str
    written_by: str
    written_at: datetime = moment()
