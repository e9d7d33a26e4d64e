"""What is published, and what goes with it: nothing here is about anybody who asks or is answered.

Who proposed, confirmed or published a policy version is named: that is a record of office. It is shown to them under
"What we hold", and stays when they opt out.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.base import Base, moment


class PolicyVersion(Base, table=True):
    """One published, immutable text with its terms; `hash` is the SHA-256 of the file's bytes.

    `source` is the file itself; None for versions published before it was kept. `chain` is the fingerprint of this
    version and of all before it. `publisher` is a Slack id (two where a
    second person confirmed), "command line" or "first start".
    """

    __tablename__ = "policy_version"
    hash: str = Field(primary_key=True)
    number: int = Field(unique=True)
    title: str
    contact: str
    language: str = "en"
    effective: date
    notice_days: int = 0
    changes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    text: str
    source: str | None = None
    clauses: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    terms: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    publisher: str = ""
    published_at: datetime = moment()
    in_force_from: datetime = moment()
    chain: str = ""


class PolicyDraft(Base, table=True):
    """A policy file that HR has handed in and nobody has published yet. `base_hash` is the version it would follow.

    `state`: "proposed", "awaiting" (a second HR person) or "scheduled" (for `publish_at`).
    """

    __tablename__ = "policy_draft"
    id: str = Field(primary_key=True)
    source: str
    base_hash: str | None = None
    state: str
    proposed_by: str
    proposed_at: datetime = moment()
    publish_at: datetime | None = moment(nullable=True)
    confirmed_by: str | None = None


class ChannelPost(Base, table=True):
    """One post to a channel, by its `key` ("policy 3"). Nobody reads a channel's history for it, so one with an unknown
    outcome is never posted again.

    `state`: "owed", "posting", "posted", "unknown" or "failed".
    """

    __tablename__ = "channel_post"
    key: str = Field(primary_key=True)
    kind: str
    channel: str
    state: str
    reason: str | None = None
    not_before: datetime = moment()
    attempts: int = 0
    ts: str | None = None


class OpenQuestion(Base, table=True):
    """A question that the policy does not answer, for HR: the text and its week, no asker and no finer time.

    `id` is the fingerprint of the text: the same question of one person or of many is one. `released` is the Monday of
    the week in which HR could first see it, together with others; None until then.
    """

    __tablename__ = "open_question"
    id: str = Field(primary_key=True)
    week: date
    text: str
    released: date | None = None
    # A hidden rowid would keep the order in which they came; fingerprints lie in an order that says nothing.
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}


class SectionFeedback(Base, table=True):
    """How often people said that a clause's passage helped, or did not. Names nobody."""

    __tablename__ = "section_feedback"
    policy_hash: str = Field(foreign_key="policy_version.hash", primary_key=True)
    heading: str = Field(primary_key=True)
    helpful: bool = Field(primary_key=True)
    count: int = 0
