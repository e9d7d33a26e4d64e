"""Team summaries: seasons, who counts in them, and what was published of each team and week.

`Cohort` names the people who count; everything else here is about groups. What is not shown has no row, so the database
itself does not say why.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index
from sqlmodel import Field

from storage.base import Base, moment, of_person

_NO_HIDDEN_ORDER: dict[str, Any] = {"sqlite_with_rowid": False}


class Season(Base, table=True):
    """Twelve weeks in which the same people count in the same teams. `first_week` is a Monday.

    `viewers` are those of the policy's `who_sees.team_summaries` that everybody who counts has agreed to: "managers",
    "leaders", "hr".
    """

    number: int = Field(primary_key=True)
    first_week: date = Field(unique=True)
    opened_at: datetime = moment()
    viewers: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class SeasonTeam(Base, table=True):
    """A team as it stood when the season opened; number 0, with an empty path, is the whole company.

    `parent` is the number of the team above it; None for the company. `team_id` is the team's row, which may be gone
    since. `size` is how many people count in it, teams below included; `smallest_group` the largest one that any of
    them agreed to. `planned`: whether it may be shown at all this season.
    """

    __tablename__ = "season_team"
    season: int = Field(foreign_key="season.number", primary_key=True)
    number: int = Field(primary_key=True)
    parent: int | None = None
    team_id: int | None = Field(default=None, index=True)
    path: str
    size: int
    smallest_group: int
    planned: bool
    # Whether there are teams below one is asked whenever somebody wants to look at its summary.
    __table_args__ = (Index("ix_season_team_season_parent", "season", "parent"), _NO_HIDDEN_ORDER)


class Cohort(Base, table=True):
    """One person who counts in a season, and in which of its teams (and so in all above it)."""

    person_id: str = of_person()
    season: int = Field(foreign_key="season.number", primary_key=True)
    team: int
    # In the order in which a release reads.
    __table_args__ = (Index("ix_cohort_season_team", "season", "team"),)


class Release(Base, table=True):
    """What was published of one week: its cells are `ReleaseCell`. Never changes once stored.

    `hash` is the SHA-256 of the canonical form (`bot.teams.content`). `usage` is the mean number of days on which a
    person of the whole company used a tool, in half days; None: not shown.
    """

    week: date = Field(primary_key=True)
    season: int = Field(foreign_key="season.number", index=True)
    made_at: datetime = moment()
    usage: int | None = None
    hash: str


class ReleaseCell(Base, table=True):
    """What was published of one team in one week. There is no row for what is not shown.

    `saved` and `rework` are steps of half an hour per person: 0 is less than one hour, 2 to 7 are 1 h to 3.5 h, 8 is
    4 h or more. `helped` is a band of 20 points (`bot.pulse.bands`); None where the group is too small for a band.
    `categories` are codes of `bot.checkin.bands.HELPED`. `half_reported`: whether at least half of those who count
    reported that week.
    """

    __tablename__ = "release_cell"
    week: date = Field(foreign_key="release.week", primary_key=True)
    team: int = Field(primary_key=True)
    season: int
    saved: int
    rework: int
    helped: int | None = None
    categories: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    half_reported: bool
    __table_args__ = (
        ForeignKeyConstraint(["season", "team"], ["season_team.season", "season_team.number"]),
        Index("ix_release_cell_season_team_week", "season", "team", "week"),
    )


class SummaryViewer(Base, table=True):
    """Who managed which team of the season when the newest release was made, and the first week of theirs.

    A record of office, replaced at each release: it stays when they opt out of their own digest.
    """

    __tablename__ = "summary_viewer"
    viewer: str = Field(primary_key=True)
    season: int
    team: int
    since: date
    __table_args__ = (
        ForeignKeyConstraint(["season", "team"], ["season_team.season", "season_team.number"]),
        _NO_HIDDEN_ORDER,
    )
