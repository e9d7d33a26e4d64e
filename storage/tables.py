"""Every table, on one page: all that is known of a person.

Before a person opts in, their only rows are in `person` and, for the messages of a pulse, in `delivery`. Everything
else that names a person is deleted when they opt out, except this ISO week's `delivery` key, which goes when the week
ends, and what somebody of HR did in office, which stays on record: that they proposed, confirmed or published a policy
version (`publisher`, `proposed_by`, `confirmed_by`), opened a pulse (`opened_by`) or replied to one (`written_by`).
The same goes for whoever manages a team or is HR: which team's summary was theirs to open (`viewer`), and that they
opened or downloaded one (`who`, in the ledger). In which summaries somebody counts (`cohort`) goes at once.
`None` in a count means that the tool does not report it; `0` means that it reported zero. What is published stands in
`policy_tables`, the anonymous pulse in `pulse_tables`, team summaries in `team_tables`, the ledger in `ledger_tables`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field

from storage.base import Base as Base
from storage.base import moment, of_person
from storage.ledger_tables import LedgerCheckpoint as LedgerCheckpoint
from storage.ledger_tables import LedgerEntry as LedgerEntry
from storage.ledger_tables import LedgerHead as LedgerHead
from storage.policy_tables import ChannelPost as ChannelPost
from storage.policy_tables import OpenQuestion as OpenQuestion
from storage.policy_tables import PolicyDraft as PolicyDraft
from storage.policy_tables import PolicyVersion as PolicyVersion
from storage.policy_tables import SectionFeedback as SectionFeedback
from storage.pulse_tables import ClauseReply as ClauseReply
from storage.pulse_tables import PulseComment as PulseComment
from storage.pulse_tables import SealedBallot as SealedBallot
from storage.pulse_tables import Tally as Tally
from storage.pulse_tables import Wave as Wave
from storage.team_tables import Cohort as Cohort
from storage.team_tables import Release as Release
from storage.team_tables import ReleaseCell as ReleaseCell
from storage.team_tables import Season as Season
from storage.team_tables import SeasonTeam as SeasonTeam
from storage.team_tables import SummaryViewer as SummaryViewer


class Workspace(Base, table=True):
    """The Slack workspace the bot is installed in, and the one rate limit that all replicas share."""

    id: str = Field(primary_key=True)
    name: str
    stopped_at: datetime | None = moment(nullable=True)
    stop_reason: str | None = None
    tat: datetime | None = moment(nullable=True)
    blocked_until: datetime | None = moment(nullable=True)
    lookup_blocked_until: datetime | None = moment(nullable=True)
    # Deletions whose bytes may still be on disk; a number, so that one which comes while they are wiped is not lost.
    scrub_owed: int = 0


class Team(Base, table=True):
    """A node of the one hierarchy; `path` is "Engineering / Payments"."""

    id: int | None = Field(default=None, primary_key=True)
    parent_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    name: str
    path: str = Field(unique=True)


class Person(Base, table=True):
    """An employee, known by a Slack user id. All that is held before they opt in."""

    id: str = Field(primary_key=True)
    tz: str
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    is_manager: bool = False
    active: bool = True
    left_at: datetime | None = moment(nullable=True)
    invitations: bool = True
    # The numbers of the newest waves that an invitation and a reminder were planned for; not whether they answered.
    invited: int = 0
    reminded: int = 0
    # Whether whoever manages a team wants the weekly message that its summary is there.
    summary_messages: bool = True


class Consent(Base, table=True):
    """One person's opt-in to one policy version."""

    person_id: str = of_person()
    receipt_id: str = Field(unique=True)
    policy_hash: str = Field(foreign_key="policy_version.hash")
    granted_at: datetime = moment()
    figures_in_dm: bool = True
    # The newest version number that this person agreed to or that a notice was planned for.
    noticed: int = 1
    # The newest version number that was told before that notice: what they agreed to, or an earlier notice's.
    told: int = 1
    read_version: int | None = None
    read_at: datetime | None = moment(nullable=True)
    # Whether their check-ins count in team summaries.
    in_summaries: bool = True


class ConsentTool(Base, table=True):
    """A tool whose usage the person lets us read, of the days from `since` on."""

    __tablename__ = "consent_tool"
    person_id: str = of_person()
    tool: str = Field(primary_key=True)
    since: date


class Identity(Base, table=True):
    """The name a tool knows the person by: `kind` is "email" or "github_login"; `value` is lower case."""

    person_id: str = of_person()
    kind: str = Field(primary_key=True)
    value: str
    verified_by: str
    __table_args__ = (UniqueConstraint("kind", "value"),)


class Preference(Base, table=True):
    """When the digest comes, in the person's own zone; `weekday` 0 is Monday."""

    person_id: str = of_person()
    weekday: int = 0
    hour: int = 9
    paused: bool = False
    skip_week: str | None = None
    next_due: datetime | None = moment(nullable=True, index=True)


class UsageImport(Base, table=True):
    """One file or fetch that brought usage days: their provenance. Names nobody."""

    __tablename__ = "usage_import"
    id: int | None = Field(default=None, primary_key=True)
    source: str
    tool: str
    granularity: str
    schema_version: str
    fetched_at: datetime = moment()
    data_from: date | None = None
    data_through: date | None = None


# The whole-number counts of a usage day.
COUNTS = (
    "sessions",
    "prompts",
    "requests",
    "tokens_in_uncached",
    "tokens_cache_read",
    "tokens_cache_write",
    "tokens_out",
    "suggestions_shown",
    "suggestions_accepted",
    "suggestions_rejected",
)


class UsageDay(Base, table=True):
    """One person, tool, surface and UTC day of counts as the tool itself reports them."""

    __tablename__ = "usage_day"
    person_id: str = of_person()
    tool: str = Field(primary_key=True)
    surface: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    import_id: int = Field(foreign_key="usage_import.id")
    active: bool | None = None
    sessions: int | None = Field(default=None, sa_type=BigInteger)
    prompts: int | None = Field(default=None, sa_type=BigInteger)
    requests: int | None = Field(default=None, sa_type=BigInteger)
    tokens_in_uncached: int | None = Field(default=None, sa_type=BigInteger)
    tokens_cache_read: int | None = Field(default=None, sa_type=BigInteger)
    tokens_cache_write: int | None = Field(default=None, sa_type=BigInteger)
    tokens_out: int | None = Field(default=None, sa_type=BigInteger)
    suggestions_shown: int | None = Field(default=None, sa_type=BigInteger)
    suggestions_accepted: int | None = Field(default=None, sa_type=BigInteger)
    suggestions_rejected: int | None = Field(default=None, sa_type=BigInteger)
    credits: Decimal | None = Field(default=None, sa_column=Column(Numeric(18, 6), nullable=True))
    credit_unit: str | None = None
    # The key is the row: without a hidden rowid each row is written once, not twice.
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}


class CheckIn(Base, table=True):
    """What a person reports for one week; `week` is its Monday, `saved` and `rework` are band codes."""

    __tablename__ = "check_in"
    person_id: str = of_person()
    week: date = Field(primary_key=True)
    saved: str
    rework: str
    helped: list[str] = Field(sa_column=Column(JSON, nullable=False))
    note: str | None = None
    reported_at: datetime = moment()


# Nearly no delivery is ever swept: the index holds only those that will be.
_SWEPT = text("sweep_at IS NOT NULL")


class Delivery(Base, table=True):
    """One message owed to one person, exactly once: the outbox.

    `week` is the person's local ISO week ("2026-W47"); of a pulse's messages it is the same one for everybody: they are
    one for each wave. `id` is opaque: it travels in the message's metadata,
    which any member of the workspace can read.
    """

    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    person_id: str = of_person(primary_key=False)
    kind: str
    week: str
    state: str
    reason: str | None = None
    due: datetime = moment()
    not_before: datetime = moment()
    claimed_by: str | None = None
    fence: int = 0
    lease_until: datetime | None = moment(nullable=True)
    started_at: datetime | None = moment(nullable=True)
    attempts: int = 0
    channel: str | None = None
    ts: str | None = None
    finished_at: datetime | None = moment(nullable=True)
    # When to look whether the message is there twice: only where another worker may have posted it as well.
    sweep_at: datetime | None = moment(nullable=True)
    __table_args__ = (
        UniqueConstraint("workspace_id", "person_id", "kind", "week"),
        # In the order of a claim, so that it stays fast however many wait. The workspace comes first: by an index
        # without it, SQLite would rather search by the unique key above, whose first column all rows share.
        Index("ix_delivery_workspace_id_state_kind_not_before_id", "workspace_id", "state", "kind", "not_before", "id"),
        Index(
            "ix_delivery_workspace_id_sweep_at",
            "workspace_id",
            "sweep_at",
            sqlite_where=_SWEPT,
            postgresql_where=_SWEPT,
        ),
    )


class SentItem(Base, table=True):
    """A message or file of the bot's, or a Home tab, that holds a person's figures, or a summary they opened, so that
    it can go too."""

    __tablename__ = "sent_item"
    id: int | None = Field(default=None, primary_key=True)
    person_id: str = of_person(primary_key=False)
    kind: str
    channel: str | None = None
    ref: str
    sent_at: datetime = moment()


class SlackDeletion(Base, table=True):
    """A message or file that Slack still has to delete, or a Home tab to be emptied; retried until done.

    Names nobody, but for a Home tab: of that, `ref` says whose it is.
    """

    __tablename__ = "slack_deletion"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    channel: str | None = None
    ref: str
    not_before: datetime = moment()
    attempts: int = 0


class Job(Base, table=True):
    """Work that one replica at a time does for all of them; whoever holds it keeps it until `lease_until`."""

    name: str = Field(primary_key=True)
    holder: str | None = None
    lease_until: datetime | None = moment(nullable=True)
    next_due: datetime | None = moment(nullable=True)


class SeenEvent(Base, table=True):
    """An event already handled: Slack delivers the same `event_id` again after a late answer."""

    __tablename__ = "seen_event"
    event_id: str = Field(primary_key=True)
    seen_at: datetime = moment(index=True)
