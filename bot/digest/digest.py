"""One person's week: what the tools reported beside what the person reported. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bot.teams.belonging.membership import Membership

WEEKS_SHOWN = 8
WEEKS_WITHOUT_CHECK_IN = timedelta(weeks=4)

Count = int | Decimal


@dataclass(frozen=True)
class SurfaceWeek:
    """The week's sums on one surface of a tool. A count that the tool does not report is not in `counts`.

    `active_days` are the days on which the tool says that it was used; None when it does not say, or not of every row.
    `weekly` when what it says is about the whole week.
    """

    surface: str
    active_days: int | None
    counts: Mapping[str, Count]
    credit_unit: str | None = None
    weekly: bool = False


@dataclass(frozen=True)
class ToolWeek:
    """One tool's week. `through` is the newest day that any data of this tool reached us for, None for never."""

    tool: str
    surfaces: tuple[SurfaceWeek, ...]
    through: date | None
    matched: bool = True


@dataclass(frozen=True)
class Reported:
    """What the person reported for one week: band codes, categories and an optional line."""

    week: date
    saved: str
    rework: str
    helped: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Digest:
    """One person's digest for the week that began on `week`.

    `active_days` holds, by tool, the days with reported use of the charted weeks (missing: no row at all in that week);
    `check_ins` the reported weeks among them, oldest first. `membership`: where the person stands with team summaries.
    """

    person_id: str
    week: date
    figures_in_dm: bool
    closed: bool
    weekday: int
    hour: int
    tools: tuple[ToolWeek, ...]
    reported: Reported | None
    active_days: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    check_ins: tuple[Reported, ...] = ()
    membership: Membership | None = None


def worth_sending(digest: Digest, last_check_in: date | None) -> bool:
    """Whether there is anything to say: a tool reported this week, or the person checked in within 4 weeks."""
    if any(tool.surfaces for tool in digest.tools):
        return True
    return last_check_in is not None and digest.week - last_check_in < WEEKS_WITHOUT_CHECK_IN
